import { Worker } from 'node:worker_threads'
import type { RoomDirectory } from '#archive/catalog/room-directory.ts'
import type { MeetingId, TownId } from '#archive/core/ids.ts'
import type { Log } from '#archive/core/log.ts'
import type { LiveMetrics } from '#archive/operations/live-metrics.ts'
import { type Note, Outbox, type Posted } from './outbox.ts'

/** From the thread: what it has read, and how far it has written. */
export type FromThread =
  | { readonly kind: 'directory'; readonly directory: RoomDirectory; readonly town: TownId; readonly takenSeq: number }
  | { readonly kind: 'taken'; readonly seq: number }
  | { readonly kind: 'trouble'; readonly message: string }

export type ToThread =
  | { readonly kind: 'note'; readonly posted: Posted }
  | { readonly kind: 'look' }
  | { readonly kind: 'close' }

export interface CatalogueLink {
  tell(note: Note): void
  /** Whether a command of ours has yet to reach the catalogue that the last directory was read from. */
  inFlight(meeting: MeetingId): boolean
  /** Reads the directory now rather than at the next poll. */
  look(): void
  /** What has been told since the start, and what is still on its way. */
  counts(): Pick<LiveMetrics, 'spans' | 'incidents' | 'outboxNotes'>
  /** Waits (at most `deadlineMs`) until everything told is in the catalogue. */
  close(deadlineMs: number): Promise<void>
}

export interface CatalogueLinkDeps {
  readonly file: string
  /** Of the town: a draft is dated by it. */
  readonly timeZone: string
  readonly log: Log
  readonly onDirectory: (directory: RoomDirectory, town: TownId) => void
  /** Told of every thread that is started. */
  readonly onThread?: (thread: Worker) => void
}

const restartDelayMs = 500

/**
 * The catalogue, seen from the main thread of *live*, which never opens it: a thread reads and writes, notes wait in
 * memory until it has taken them, and a thread that dies is replaced and given what is still waiting.
 */
export function createCatalogueLink({ file, timeZone, log, onDirectory, onThread }: CatalogueLinkDeps): CatalogueLink {
  const outbox = new Outbox()
  let closing = false
  let takenAtDirectory = 0
  let worker = launch()

  function launch(): Worker {
    const thread = new Worker(new URL('./catalogue-thread.ts', import.meta.url), {
      workerData: { file, timeZone, takenSeq: outbox.takenSeq },
    })
    onThread?.(thread)
    thread.on('message', (message: FromThread) => receive(message))
    thread.on('error', (error) => log.error({ err: error }, 'the catalogue thread failed'))
    thread.on('exit', () => {
      if (!closing) setTimeout(relaunch, restartDelayMs)
    })
    for (const posted of outbox.waiting()) thread.postMessage({ kind: 'note', posted } satisfies ToThread)
    return thread
  }

  function relaunch(): void {
    if (!closing) worker = launch()
  }

  function receive(message: FromThread): void {
    switch (message.kind) {
      case 'taken':
        outbox.taken(message.seq)
        return
      case 'trouble':
        log.warn({ trouble: message.message }, 'the catalogue cannot be reached; what happens is kept in memory')
        return
      case 'directory':
        takenAtDirectory = message.takenSeq
        onDirectory(message.directory, message.town)
        return
    }
  }

  const lastCommand = new Map<MeetingId, number>()
  const incidents: Record<string, number> = {}
  let spans = 0
  return {
    tell(note) {
      const posted = outbox.add(note)
      if (note.kind === 'span') spans += 1
      if (note.kind === 'incident') incidents[note.incident.code] = (incidents[note.incident.code] ?? 0) + 1
      if (note.kind === 'command') lastCommand.set(note.command.meeting, posted.seq)
      worker.postMessage({ kind: 'note', posted } satisfies ToThread)
    },
    inFlight: (meeting) => (lastCommand.get(meeting) ?? 0) > takenAtDirectory,
    counts: () => ({ spans, incidents: { ...incidents }, outboxNotes: outbox.waiting().length }),
    look: () => worker.postMessage({ kind: 'look' } satisfies ToThread),
    async close(deadlineMs) {
      closing = true
      const ended = new Promise<void>((done) => worker.once('exit', () => done()))
      const giveUp = setTimeout(() => void worker.terminate(), deadlineMs)
      worker.postMessage({ kind: 'close' } satisfies ToThread)
      await ended
      clearTimeout(giveUp)
    },
  }
}
