import { systemClock } from '#archive/core/clock.ts'
import { readConfig } from '#archive/core/config.ts'
import { createLog } from '#archive/core/log.ts'
import { socketPath } from '#archive/core/socket-path.ts'
import type { LiveFrame } from '#archive/hls/live-message.ts'
import { openMediaStore } from '#archive/storage/open-store.ts'
import { watchCatalogue } from './catalogue-watch.ts'
import { Edge } from './edge.ts'
import { EventStreams } from './event-streams.ts'
import { createForwarder } from './forwarder.ts'
import { readHealth } from './health.ts'
import { closeServer, createHttpServer, listen } from './http-server.ts'
import { followLive } from './live-feed.ts'
import { LiveRecordings } from './live-recordings.ts'
import { meetingNews } from './meeting-news.ts'
import { PlaylistCache } from './playlist-cache.ts'
import { Recordings } from './recordings.ts'
import { Visibility } from './visibility.ts'

/** The edge process: the public HTTP port. */
const config = readConfig()
const log = createLog('edge', config.logLevel)
const siteSocket = socketPath(config.dataDir, 'site')

const visibility = new Visibility()
const live = new LiveRecordings()
const playlists = new PlaylistCache()
const events = new EventStreams()
const recordings = new Recordings({ spoolDir: config.spoolDir, store: openMediaStore(config) }, live)

const news = (slug: string) =>
  meetingNews(slug, {
    visibility,
    isLiveConnected: feed.isConnected,
    isPlayable: (recording) => {
      const timeline = live.find(recording)?.timeline
      // Without *live* the spool knows: it is read when somebody asks.
      return timeline ? playlists.isPlayable(timeline, 'live') : !feed.isConnected
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
      visibility.forgetLive()
      tell()
    },
  },
  log,
)

function takeFrame(frame: LiveFrame): void {
  live.take(frame)
  const { message } = frame
  if (message.type === 'synced') live.synced()
  if (message.type === 'meeting') visibility.takeLiveMeeting(message)
  if (message.type !== 'part') tell()
}

const catalogue = watchCatalogue(
  config.catalogFile,
  (snapshot) => {
    visibility.takeSnapshot(snapshot)
    tell()
  },
  log,
)

const forwarder = createForwarder({
  socketFile: siteSocket,
  scheme: config.publicUrl?.startsWith('https:') ? 'https' : 'http',
  log,
})
const edge = new Edge({
  visibility,
  recordings,
  playlists,
  events,
  forwarder,
  news,
  health: () => readHealth({ isLiveUp: feed.isConnected, isCatalogueUp: catalogue.isUp, siteSocket }),
  clock: systemClock(),
  log,
  cacheAfterS: config.values.HEMICYCLE_CACHE_AFTER_S,
})

const server = createHttpServer((request, response) => edge.handle(request, response))
/** A catalogue that cannot be read yet must not keep the port closed: the site may have pages to show. */
const firstSnapshotWithinMs = 3000
await Promise.race([catalogue.first, new Promise((later) => setTimeout(later, firstSnapshotWithinMs).unref())])
const address = await listen(server, config.http)
log.info(address, 'edge ready')
process.send?.({ type: 'ready', http: address })

/** Answers in flight get this long to end. */
const graceMs = 3000

let isStopping = false
async function stop(): Promise<void> {
  if (isStopping) return
  isStopping = true
  feed.close()
  events.close()
  await closeServer(server, graceMs)
  forwarder.close()
  await catalogue.close()
  process.exit(0)
}

process.on('SIGTERM', () => void stop())
process.on('disconnect', () => void stop())
// The parent decides: an interrupt from the terminal reaches it too.
process.on('SIGINT', () => undefined)
