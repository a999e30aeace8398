import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '#archive/core/clock.ts'
import { AppError } from '#archive/core/errors.ts'
import type { RecordingId } from '#archive/core/ids.ts'
import type { Log } from '#archive/core/log.ts'
import { type MediaFile, mediaKey } from '#archive/hls/address.ts'
import type { Timeline } from '#archive/hls/timeline.ts'
import { type Answer, gone, notFound, plainAnswer, sendAnswer } from './answer.ts'
import type { EventStreams } from './event-streams.ts'
import type { Forwarder } from './forwarder.ts'
import type { LowLatency, Outlook } from './low-latency.ts'
import { mediaAnswer, mediaCaching } from './media-answer.ts'
import type { MeetingNews } from './meeting-news.ts'
import type { Parking } from './parking.ts'
import type { PlaylistCache } from './playlist-cache.ts'
import type { Recordings } from './recordings.ts'
import { type PlaylistName, type Route, routeOf } from './route.ts'
import { isStreaming, type Visibility } from './visibility.ts'

export interface EdgeDeps {
  readonly visibility: Visibility
  readonly recordings: Recordings
  readonly playlists: PlaylistCache
  readonly lowLatency: LowLatency
  readonly parking: Parking
  readonly events: EventStreams
  readonly forwarder: Forwarder
  readonly news: (slug: string) => MeetingNews | null
  readonly health: () => Promise<object>
  readonly clock: Clock
  readonly log: Log
  readonly cacheAfterS: number
}

const preflight: Answer = {
  status: 204,
  headers: {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'GET, HEAD, OPTIONS',
    'access-control-allow-headers': 'range, if-none-match',
    'access-control-max-age': '86400',
  },
  body: null,
}
const notAllowed = plainAnswer(405, 'Only GET and HEAD are possible here.', { allow: 'GET, HEAD, OPTIONS' })
const notYet = plainAnswer(503, 'Starting.', { 'retry-after': '1' })
const broken = plainAnswer(503, 'This cannot be read at the moment.', { 'retry-after': '5' })

/** How long a replay waits for the spool to be complete, when the catalogue was faster. */
const endPatienceMs = 1000

/** Answers one request. Never throws. */
export class Edge {
  readonly #deps: EdgeDeps

  constructor(deps: EdgeDeps) {
    this.#deps = deps
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    // A connection that breaks off is no news.
    request.on('error', () => undefined)
    response.on('error', () => undefined)
    const route = routeOf(request.url ?? '')
    if (route.kind === 'site') {
      this.#deps.forwarder.forward(request, response)
    } else if (route.kind === 'events' && request.method === 'GET') {
      this.#follow(route.slug, request, response)
    } else {
      request.resume()
      void this.#answer(route, request, response)
    }
  }

  async #answer(route: Route, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const outlook = await this.#outlook(route, request).catch((error: unknown) => {
      const code = error instanceof AppError ? error.code : 'INTERNAL'
      this.#deps.log.error({ err: error, code, url: request.url }, 'a request could not be answered')
      return { answer: broken }
    })
    if ('answer' in outlook) await sendAnswer(request, response, outlook.answer)
    else this.#deps.parking.park(outlook.lot, { ...outlook, request, response })
  }

  async #outlook(route: Route, request: IncomingMessage): Promise<Outlook> {
    if (request.method === 'OPTIONS') return { answer: preflight }
    if (request.method !== 'GET' && request.method !== 'HEAD') return { answer: notAllowed }
    if (route.kind === 'health') return { answer: json(await this.#deps.health()) }
    if (!this.#deps.visibility.isKnown) return { answer: notYet }
    if (route.kind === 'part') return this.#deps.lowLatency.part(route.part, request)
    if (route.kind === 'live-playlist' && route.name !== 'multivariant') {
      return this.#deps.lowLatency.playlist(route.slug, route.name, request)
    }
    return { answer: await this.#settledAnswer(route, request) }
  }

  async #settledAnswer(route: Route, request: IncomingMessage): Promise<Answer> {
    if (route.kind === 'media') return this.#media(route.file, request)
    if (route.kind === 'live-playlist') return this.#livePlaylist(route.slug, request)
    if (route.kind === 'replay-playlist') return this.#replayPlaylist(route.recording, route.name, request)
    return notFound
  }

  async #media(file: MediaFile, request: IncomingMessage): Promise<Answer> {
    const { visibility, recordings, clock, cacheAfterS } = this.#deps
    const sight = visibility.sightOf(file.recording)
    if (sight.access === 'withdrawn') return gone
    if (sight.access !== 'public') return notFound
    const source = await recordings.media(file)
    if (!source) return notFound
    const caching = mediaCaching({ publishedAtMs: sight.publishedAtMs, nowMs: clock.wallMs(), cacheAfterS })
    return mediaAnswer({ key: mediaKey(file), rendition: file.rendition, source }, request.headers, caching)
  }

  /** While the meeting streams; and after it is published, so that players that followed it come to an end. */
  async #livePlaylist(slug: string, request: IncomingMessage): Promise<Answer> {
    const { visibility, recordings, playlists } = this.#deps
    const recording = visibility.recordingOf(slug)
    const sight = recording && visibility.sightOf(recording)
    if (!recording || sight?.access !== 'public' || sight.state === null) return notFound
    const timeline = await recordings.timeline(recording)
    if (!timeline) return notFound
    const isOver = !isStreaming(sight.state) && timeline.endedAtMs === null
    return playlists.answer(timeline, { name: 'multivariant', kind: isOver ? 'replay' : 'live' }, request.headers)
  }

  async #replayPlaylist(recording: RecordingId, name: PlaylistName, request: IncomingMessage): Promise<Answer> {
    const { visibility, recordings, playlists } = this.#deps
    const sight = visibility.sightOf(recording)
    if (sight.access === 'withdrawn') return gone
    if (sight.access !== 'public' || sight.state !== 'published') return notFound
    let timeline = await recordings.timeline(recording)
    const deadline = performance.now() + endPatienceMs
    while (timeline && this.#maySettle(recording, timeline) && performance.now() < deadline) {
      await pause(20)
      timeline = await recordings.timeline(recording)
    }
    if (!timeline) return notFound
    return playlists.answer(timeline, { name, kind: 'replay' }, request.headers)
  }

  #maySettle(recording: RecordingId, timeline: Timeline): boolean {
    const { recordings } = this.#deps
    return recordings.isFollowed(recording) && recordings.isAnnounced(recording, timeline)
  }

  #follow(slug: string, request: IncomingMessage, response: ServerResponse): void {
    request.resume()
    const { visibility, events } = this.#deps
    const news = this.#deps.news(slug)
    const isAdded = news !== null && events.add(slug, JSON.stringify(news), response)
    if (!isAdded) void sendAnswer(request, response, news === null && visibility.isKnown ? notFound : notYet)
  }
}

function json(value: object): Answer {
  return {
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    body: Buffer.from(`${JSON.stringify(value)}\n`),
  }
}
