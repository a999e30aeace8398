import { systemClock } from '#archive/core/clock.ts'
import { readConfig } from '#archive/core/config.ts'
import type { RecordingId } from '#archive/core/ids.ts'
import { createLog } from '#archive/core/log.ts'
import { socketPath } from '#archive/core/socket-path.ts'
import type { LiveFrame } from '#archive/hls/live-message.ts'
import type { Timeline } from '#archive/hls/timeline.ts'
import { readLiveMetrics } from '#archive/operations/live-control.ts'
import { readWorkerMetrics } from '#archive/operations/worker-metrics.ts'
import { readJournal } from '#archive/storage/journal-file.ts'
import { openMediaStore } from '#archive/storage/open-store.ts'
import { journalFile } from '#archive/storage/spool-folder.ts'
import { slateParts } from '../../transcode/slate/slate-asset.ts'
import { SlateShelf } from '../../transcode/slate/slate-shelf.ts'
import { watchCatalogue } from './catalogue-watch.ts'
import { Edge } from './edge.ts'
import { EventStreams } from './event-streams.ts'
import { createForwarder } from './forwarder.ts'
import { readHealth } from './health.ts'
import { closeServer, createHttpServer, listen } from './http-server.ts'
import { followLive } from './live-feed.ts'
import { LivePlaylists } from './live-playlists.ts'
import { LiveRecordings } from './live-recordings.ts'
import { LowLatency } from './low-latency.ts'
import { meetingNews } from './meeting-news.ts'
import { EdgeMetrics } from './metrics.ts'
import { startMetricsServer } from './metrics-server.ts'
import { Parking } from './parking.ts'
import { PlaylistCache } from './playlist-cache.ts'
import { Recordings } from './recordings.ts'
import type { SlatePictures } from './slates.ts'
import { Visibility } from './visibility.ts'

/** EX_CONFIG of sysexits(3): starting again would not help. */
const exitForGood = 78

/** The edge process: the public HTTP port. */
const config = readConfig()
const log = createLog('edge', config.logLevel)
const siteSocket = socketPath(config.dataDir, 'site')

const visibility = new Visibility()
const clock = systemClock()
const live = new LiveRecordings({ seed: (recording, timeline) => void seed(recording, timeline), clock })
const playlists = new PlaylistCache()
const events = new EventStreams()
const shelf = new SlateShelf(config.spoolDir)
const pictures: SlatePictures = {
  init: async (asset, rendition) => (await shelf.find(asset))?.renditions.get(rendition)?.init ?? null,
  parts: async (asset, rendition, at) => {
    const found = await shelf.find(asset)
    return found && slateParts(found, { rendition, ...at })
  },
}
const places = { spoolDir: config.spoolDir, store: openMediaStore(config) }
const recordings = new Recordings(places, live, { pictures, clock })

const parking = new Parking(clock)
const lowLatency = new LowLatency({
  visibility,
  recordings,
  playlists,
  livePlaylists: new LivePlaylists(),
  parking,
  clock,
  cacheAfterS: config.values.HEMICYCLE_CACHE_AFTER_S,
})

const news = (slug: string) =>
  meetingNews(slug, {
    visibility,
    isLiveConnected: feed.isConnected,
    isPlayable: (recording) => {
      const timeline = live.find(recording)?.timeline
      // Without *live* the spool knows: it is read when somebody asks.
      return timeline ? playlists.isPlayable(timeline) : !feed.isConnected
    },
  })
const tell = () =>
  events.refresh((slug) => {
    const latest = news(slug)
    return latest && JSON.stringify(latest)
  })

const feed = followLive(
  socketPath(config.dataDir, 'live-feed'),
  {
    onConnected: () => {
      live.begin()
      visibility.forgetLive()
    },
    onFrame: takeFrame,
    onLost: () => {
      live.lost()
      tell()
    },
  },
  log,
)

async function seed(recording: RecordingId, timeline: Timeline): Promise<void> {
  try {
    const journal = await readJournal(journalFile(config.spoolDir, recording))
    for (const event of journal?.events ?? []) timeline.apply(event)
    tell()
  } catch (error) {
    log.error({ err: error, recording }, 'a journal cannot be read')
  }
}

function takeFrame(frame: LiveFrame): void {
  live.take(frame)
  const { message } = frame
  if (message.type === 'synced') live.synced()
  if (message.type === 'meeting') visibility.takeLiveMeeting(message)
  if (message.type !== 'part' && message.type !== 'slate') tell()
  lowLatency.arrived(frame)
}

const catalogue = watchCatalogue(
  config.catalogFile,
  (snapshot) => {
    visibility.takeSnapshot(snapshot)
    tell()
    parking.wakeAll()
  },
  log,
)

const forwarder = createForwarder({
  socketFile: siteSocket,
  scheme: config.publicUrl?.startsWith('https:') ? 'https' : 'http',
  log,
})
const health = () => readHealth({ isLiveUp: feed.isConnected, isCatalogueUp: catalogue.isUp, siteSocket })
const edge = new Edge({
  visibility,
  recordings,
  playlists,
  lowLatency,
  parking,
  events,
  forwarder,
  news,
  health,
  clock,
  log,
  cacheAfterS: config.values.HEMICYCLE_CACHE_AFTER_S,
})

const metricsAddress = config.values.HEMICYCLE_METRICS ?? null
const metrics =
  metricsAddress &&
  new EdgeMetrics({
    clock,
    parked: () => parking.count,
    isLiveConnected: () => feed.isConnected,
    isCatalogueUp: () => catalogue.isUp,
    live: () => readLiveMetrics(socketPath(config.dataDir, 'live-control')),
    worker: () => readWorkerMetrics(config.dataDir, clock.wallMs()),
  })

const server = createHttpServer((request, response) => {
  metrics?.observe(request, response)
  edge.handle(request, response)
})
metrics?.watch(server)
/** A catalogue that cannot be read yet must not keep the port closed: the site may have pages to show. */
const firstSnapshotWithinMs = 3000
await Promise.race([catalogue.first, new Promise((later) => setTimeout(later, firstSnapshotWithinMs).unref())])
try {
  const address = await listen(server, config.http)
  log.info(address, 'edge ready')
  const { spoolDir } = config
  const figures =
    metricsAddress && metrics && (await startMetricsServer({ address: metricsAddress, metrics, health, spoolDir, log }))
  if (figures) log.info(figures.at, 'metrics are served')
  process.send?.({ type: 'ready', http: address, metrics: figures?.at ?? null })
} catch (error) {
  log.error({ err: error, address: config.http }, 'the public port cannot be opened: set HEMICYCLE_HTTP to a free one')
  process.exit(exitForGood)
}

/** Answers in flight get this long to end. */
const graceMs = 3000

let isStopping = false
async function stop(): Promise<void> {
  if (isStopping) return
  isStopping = true
  feed.close()
  events.close()
  parking.close()
  await closeServer(server, graceMs)
  forwarder.close()
  await catalogue.close()
  process.exit(0)
}

process.on('SIGTERM', () => void stop())
process.on('disconnect', () => void stop())
// The parent decides: an interrupt from the terminal reaches it too.
process.on('SIGINT', () => undefined)
