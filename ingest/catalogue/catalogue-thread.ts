import { setTimeout as pause } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { type Catalog, openCatalog } from '#archive/catalog/catalog.ts'
import { applyCommand } from '#archive/catalog/commands.ts'
import { createDraftMeeting } from '#archive/catalog/drafts.ts'
import { closeIncident, openIncident } from '#archive/catalog/incidents.ts'
import { saveRecording } from '#archive/catalog/recordings.ts'
import { roomDirectory } from '#archive/catalog/room-directory.ts'
import { closePublishSession, closeStalePublishSessions, openPublishSession } from '#archive/catalog/sessions.ts'
import { endSpan, saveSpan } from '#archive/catalog/spans.ts'
import type { TownDb } from '#archive/catalog/town-db.ts'
import { AppError } from '#archive/core/errors.ts'
import type { FromThread, ToThread } from './catalogue-link.ts'
import type { Note, Posted } from './outbox.ts'

/** How often the catalogue is asked whether anybody wrote (5 microseconds each). */
const pollMs = 100
/** Planned times pass without anybody writing. */
const rereadMs = 10_000
const retryMs = 250
const mostAttempts = 8

/** `takenSeq`: what a thread before this one has written already. */
const started = workerData as { file: string; timeZone: string; takenSeq: number }
const { file, timeZone } = started
const port = parentPort
if (!port) throw new Error('catalogue-thread runs as a worker thread only')
const say = (message: FromThread) => port.postMessage(message)

const queue: Posted[] = []
let wake: () => void = () => undefined
let closing = false
let lookNow = false

port.on('message', (message: ToThread) => {
  if (message.kind === 'note') queue.push(message.posted)
  if (message.kind === 'close') closing = true
  if (message.kind === 'look') lookNow = true
  wake()
})

async function write(db: TownDb, note: Note): Promise<void> {
  switch (note.kind) {
    case 'command':
      await applyCommand(db, note.command, 'live')
      return
    case 'recording':
      return saveRecording(db, note)
    case 'span':
      return saveSpan(db, note.span)
    case 'span-end':
      return endSpan(db, note)
    case 'session':
      await openPublishSession(db, note.session)
      return
    case 'session-end':
      return closePublishSession(db, note)
    case 'stale-sessions':
      return closeStalePublishSessions(db, note.atMs)
    case 'incident':
      await openIncident(db, note.incident)
      return
    case 'incident-end':
      return closeIncident(db, note.id, note.atMs)
    case 'draft':
      await createDraftMeeting(db, note.room, { atMs: note.atMs, timeZone })
      return
  }
}

/**
 * Until it succeeds: a locked or missing catalogue is waited for, however long it takes. A note that the catalogue
 * itself refuses for good is given up after `attempts`, so that it does not hold up those behind it.
 */
async function patiently<T>(work: () => Promise<T>, attempts = Number.POSITIVE_INFINITY): Promise<T | null> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      const passing = error instanceof AppError && error.code.startsWith('CATALOGUE_')
      if (!passing && attempt >= attempts) return null
      if (attempt % 20 === 0) say({ kind: 'trouble', message: error instanceof Error ? error.message : String(error) })
      await pause(retryMs)
    }
  }
}

async function serve(catalog: Catalog): Promise<void> {
  let { takenSeq } = started
  let seen: number | null = null
  let readAt = 0
  while (!closing || queue.length > 0) {
    for (let posted = queue.shift(); posted; posted = queue.shift()) {
      const { seq, note } = posted
      await patiently(() => catalog.write((db) => write(db, note)), mostAttempts)
      takenSeq = seq
      // Also where the note changed nothing: whoever waits for it must hear that it has arrived.
      lookNow = true
      say({ kind: 'taken', seq })
    }
    const version = await patiently(async () => catalog.changed())
    if (version !== seen || lookNow || performance.now() - readAt > rereadMs) {
      lookNow = false
      const directory = await patiently(() => catalog.read((db) => roomDirectory(db, Date.now())))
      seen = version
      readAt = performance.now()
      if (directory) say({ kind: 'directory', directory, town: catalog.town, takenSeq })
    }
    if (queue.length === 0 && !closing) {
      const alarm = new AbortController()
      wake = () => alarm.abort()
      await pause(pollMs, undefined, { signal: alarm.signal }).catch(() => undefined)
    }
  }
}

const catalog = await patiently(() => openCatalog({ file }))
if (catalog) {
  await serve(catalog)
  await catalog.close()
}
port.close()
