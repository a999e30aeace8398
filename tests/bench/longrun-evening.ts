import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCatalog } from '#archive/catalog/catalog.ts'
import { applyCommand } from '#archive/catalog/commands.ts'
import { type CommandId, newId, type RecordingId } from '#archive/core/ids.ts'
import { createLog } from '#archive/core/log.ts'
import { socketPath } from '#archive/core/socket-path.ts'
import type { LiveMessage } from '#archive/hls/live-message.ts'
import { openMediaStore } from '#archive/storage/open-store.ts'
import { createJournalBacklog } from '../../ingest/recorder/journal-backlog.ts'
import { openRecording } from '../../ingest/recorder/open-recording.ts'
import type { Recorder } from '../../ingest/recorder/recorder.ts'
import { createFeedServer } from '../../ingest/wire/feed-server.ts'
import { type EdgeProcess, forkEdge } from '../support/edge-child.ts'
import { planMeeting } from '../support/planned-meeting.ts'

export interface LongEvening {
  readonly slug: string
  readonly spoolDir: string
  readonly recording: RecordingId
  readonly recorder: Recorder
  readonly edge: EdgeProcess
  close(): Promise<void>
}

/** Everything of a live meeting but encoders and RTMP: catalogue, recorder, feed socket, and a real edge process. */
export async function openLongEvening(): Promise<LongEvening> {
  const dataDir = mkdtempSync(join(tmpdir(), 'hemicycle-longrun-'))
  const spoolDir = join(dataDir, 'spool')
  const log = createLog('longrun', 'error')
  const slug = '2026-11-23-raad'
  const catalog = await openCatalog({ file: join(dataDir, 'catalogue.sqlite') })
  const meeting = await planMeeting(catalog, slug, 'council')
  const recording = newId<'recording'>()
  const action = { kind: 'start', recording } as const
  const command = { id: newId() as CommandId, meeting, atMs: Date.now(), by: 'cli', action } as const
  const started = await catalog.write((db) => applyCommand(db, command, 'operations'))
  if (!started.ok) throw new Error(started.message)

  const places = { spoolDir, store: openMediaStore({ storeDir: join(dataDir, 'store') }) }
  const state: LiveMessage = { type: 'meeting', meeting, slug, recording, state: 'live', feed: 'connected', item: null }
  const backlog = createJournalBacklog({ places, announcements: () => [state] })
  const feed = await createFeedServer(socketPath(dataDir, 'live-feed'), { backlog: backlog.frames, log })
  const edge = await forkEdge(dataDir)
  const recorder = await openRecording(
    { recording, town: newId<'town'>(), meeting, slug },
    {
      places,
      tell: () => undefined,
      broadcast: (message, payload) => {
        backlog.remember(message, payload)
        feed.broadcast(message, payload)
      },
      wallMs: Date.now,
      log,
    },
  )
  return {
    slug,
    spoolDir,
    recording,
    recorder,
    edge,
    async close() {
      await recorder.suspend()
      await edge.stop()
      await feed.close()
      await catalog.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
