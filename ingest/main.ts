import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '#archive/core/clock.ts'
import { readConfig } from '#archive/core/config.ts'
import type { MeetingId, TownId } from '#archive/core/ids.ts'
import { createLog } from '#archive/core/log.ts'
import { socketPath } from '#archive/core/socket-path.ts'
import type { LiveMessage } from '#archive/hls/live-message.ts'
import type { RenditionSpec } from '#archive/hls/packaging.ts'
import { openMediaStore } from '#archive/storage/open-store.ts'
import { createPipelineFactory } from '../transcode/live/live-pipeline.ts'
import { slateRequest } from '../transcode/slate/slate-request.ts'
import { SlateShelf } from '../transcode/slate/slate-shelf.ts'
import { startSilenceWatch } from '../transcode/sound/silence-watch.ts'
import { createCatalogueLink } from './catalogue/catalogue-link.ts'
import { createControl } from './control.ts'
import { startCapture } from './meeting/capture.ts'
import { Captures } from './meeting/captures.ts'
import { LiveRooms } from './meeting/live-rooms.ts'
import { MeetingRegister } from './meeting/meeting-register.ts'
import { reportFault } from './meeting/pipeline-faults.ts'
import type { PreparedSlate } from './meeting/slate-run.ts'
import { watchSpoolRoom } from './meeting/spool-room.ts'
import { createJournalBacklog } from './recorder/journal-backlog.ts'
import { openRecording } from './recorder/open-recording.ts'
import { createRtmpServer } from './rtmp/server.ts'
import { readStateFile, writeStateFile } from './state/state-file.ts'
import { createControlServer } from './wire/control-server.ts'
import { createFeedServer } from './wire/feed-server.ts'

/** EX_CONFIG of sysexits(3): starting again would not help. */
const exitForGood = 78
const tickMs = 250
const closeWithinMs = 3_000

const config = readConfig()
const log = createLog('live', config.logLevel)
const clock = systemClock()
mkdirSync(config.spoolDir, { recursive: true })

const stateFile = join(config.dataDir, 'state', 'live.json')
const kept = readStateFile(stateFile)
if (kept.kind === 'unreadable') log.error({ stateFile }, 'the state file cannot be read: open meetings go on as closed')

const places = { spoolDir: config.spoolDir, store: openMediaStore(config) }
const pipelines = await createPipelineFactory({ config, clock, log })
const shelf = new SlateShelf(config.spoolDir)
let town: TownId | null = null
let bodyNames: ReadonlyMap<MeetingId, string> = new Map()

const link = createCatalogueLink({
  file: config.catalogFile,
  timeZone: config.timeZone,
  log,
  onDirectory: (directory, of) => {
    town = of
    const meetings = directory.rooms.flatMap((room) => room.meetings)
    bodyNames = new Map(meetings.map(({ id, bodyName }) => [id, bodyName]))
    rooms.adopt(directory)
  },
})

const backlog = createJournalBacklog({ places, announcements: () => rooms.announcements() })
const feed = await createFeedServer(socketPath(config.dataDir, 'live-feed'), { backlog: backlog.frames, log })
const broadcast = (message: LiveMessage, payload?: Uint8Array) => {
  backlog.remember(message, payload)
  feed.broadcast(message, payload)
}

const register = new MeetingRegister({
  kept,
  persist: (states) => {
    try {
      writeStateFile(stateFile, states)
      return true
    } catch (error) {
      log.error({ err: error, stateFile }, 'the state file cannot be written')
      return false
    }
  },
})

const captures = new Captures({
  log,
  open: async (meeting, recording) => {
    if (!town) throw new Error('no meeting is known before its town is')
    const facts = { recording, town, meeting: meeting.id, slug: meeting.slug }
    const recorder = await openRecording(facts, {
      places,
      tell: link.tell,
      broadcast,
      wallMs: () => clock.wallMs(),
      log,
    })
    return startCapture({
      recorder,
      sound: startSilenceWatch({ clock, log }),
      pipelines,
      report: (fault) => {
        reportFault(fault, facts, { tell: link.tell, log })
        rooms.noteFault(meeting.id, fault.code)
      },
      slates: {
        standing: recorder.standing,
        prepare: (renditions) => slateFor(renditions, meeting.id),
        clock,
        after: afterMs,
        log,
      },
    })
  },
})

async function slateFor(renditions: readonly RenditionSpec[], meeting: MeetingId): Promise<PreparedSlate> {
  const asset = await shelf.obtain(slateRequest(renditions, bodyNames.get(meeting) ?? ''))
  return { asset: asset.key, renditions: [...asset.renditions.values()].map(({ spec }) => spec) }
}

function afterMs(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs)
  return () => clearTimeout(timer)
}

const rooms = new LiveRooms({ register, captures, link, broadcast, clock, log })

link.tell({ kind: 'stale-sessions', atMs: clock.wallMs() })
const control = await createControlServer(socketPath(config.dataDir, 'live-control'), {
  handle: createControl({ rooms, link }),
  log,
})
const rtmp = createRtmpServer({
  settings: config.values,
  clock,
  log,
  authenticate: (key) => rooms.authenticate(key),
  onSession: (session) => rooms.join(session),
})
const room = watchSpoolRoom({
  folder: config.spoolDir,
  minFreeBytes: config.values.HEMICYCLE_SPOOL_MIN_FREE_MB * 1e6,
  tell: link.tell,
  wallMs: () => clock.wallMs(),
  log,
})
const ticking = setInterval(() => rooms.tick(), tickMs)

try {
  const port = await rtmp.listen(config.rtmp)
  if (config.rtmps) {
    const { address, certFile, keyFile } = config.rtmps
    await rtmp.listenTls(address, { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') })
  }
  process.send?.({ type: 'ready', rtmp: { host: config.rtmp.host, port } })
  log.info({ port }, 'encoders may connect')
} catch (error) {
  log.error({ err: error, address: config.rtmp }, 'the RTMP port cannot be opened: set HEMICYCLE_RTMP to a free one')
  process.exit(exitForGood)
}

let stopping = false
async function stop(): Promise<void> {
  if (stopping) return
  stopping = true
  clearInterval(ticking)
  room.stop()
  // What was captured is flushed before its encoder is told to go, so that nothing in hand is lost.
  await captures.suspendAll()
  await rtmp.close()
  await link.close(closeWithinMs)
  await Promise.all([control.close(), feed.close()])
  process.exit(0)
}

const stopNow = () => {
  stop().catch((error: unknown) => {
    log.error({ err: error }, 'the live process could not end in order')
    process.exit(1)
  })
}
process.on('SIGTERM', stopNow)
process.on('SIGINT', () => undefined)
process.on('disconnect', stopNow)
