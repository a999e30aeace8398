import type { IncomingMessage } from 'node:http'
import type { Clock } from '#archive/core/clock.ts'
import type { RecordingId } from '#archive/core/ids.ts'
import { type PartFile, partAddress, partKey, renditionNames } from '#archive/hls/address.ts'
import type { LiveFrame } from '#archive/hls/live-message.ts'
import type { RenditionName } from '#archive/hls/packaging.ts'
import type { Timeline } from '#archive/hls/timeline.ts'
import { acceptsGzip } from './accepted-encoding.ts'
import { type Answer, gone, matchesEtag, notFound, plainAnswer } from './answer.ts'
import { type Directives, directivesOf } from './directives.ts'
import type { LivePlaylists } from './live-playlists.ts'
import { mediaAnswer, mediaCaching } from './media-answer.ts'
import type { Parking } from './parking.ts'
import type { PlaylistCache } from './playlist-cache.ts'
import type { Recordings } from './recordings.ts'
import { isStreaming, type Visibility } from './visibility.ts'

export interface LowLatencyDeps {
  readonly visibility: Visibility
  readonly recordings: Recordings
  readonly playlists: PlaylistCache
  readonly livePlaylists: LivePlaylists
  readonly parking: Parking
  readonly clock: Clock
  readonly cacheAfterS: number
}

/** What has an answer, or has to wait in a lot. */
export type Outlook =
  | { readonly answer: Answer }
  | { readonly lot: string; readonly look: () => Answer | Promise<Answer> | null; readonly overdue: Answer }

const senseless = plainAnswer(400, 'These delivery directives make no sense.')
const tooFar = plainAnswer(400, 'That is too far ahead.')
const blockedTooLong = plainAnswer(503, 'Nothing new has come.', { 'retry-after': '1' })

const lotOf = (recording: RecordingId, rendition: RenditionName) => `${recording}/${rendition}`

/** Live playlists and parts, and who waits for the next ones. Whoever waits is answered by what holds when the wait ends. */
export class LowLatency {
  readonly #deps: LowLatencyDeps

  constructor(deps: LowLatencyDeps) {
    this.#deps = deps
  }

  /** After the frame has been taken in: wakes who may wait for it. */
  arrived({ message }: LiveFrame): void {
    const { parking } = this.#deps
    if (message.type === 'part') parking.wake(lotOf(message.recording, message.rendition))
    else if (message.type !== 'journal' && message.type !== 'slate') parking.wakeAll()
    else for (const name of renditionNames) parking.wake(lotOf(message.recording, name))
  }

  /** The media playlist of a meeting's rendition, at once or when it has what the directives ask for. */
  async playlist(slug: string, name: RenditionName, request: IncomingMessage): Promise<Outlook> {
    const directives = directivesOf(request.url ?? '')
    if (!directives) return { answer: senseless }
    const recording = this.#deps.visibility.recordingOf(slug)
    // Read before anybody waits: while *live* is away, this is what there is.
    const known = recording && (await this.#deps.recordings.timeline(recording))
    const reload = { slug, name, request, directives, known }
    const answer = this.#playlist(reload, true)
    if (answer || !recording) return { answer: (await answer) ?? notFound }
    return { lot: lotOf(recording, name), look: () => this.#playlist(reload, false), overdue: blockedTooLong }
  }

  async part(part: PartFile, request: IncomingMessage): Promise<Outlook> {
    const answer = this.#part(part, request) ?? (await this.#keptPart(part, request))
    if (answer.status !== 404) return { answer }
    // It may have come while the disk was asked.
    const fresh = this.#part(part, request)
    if (fresh || !this.#isComing(part)) return { answer: fresh ?? answer }
    const look = () => this.#part(part, request) ?? (this.#isComing(part) ? null : this.#keptPart(part, request))
    return { lot: lotOf(part.recording, part.rendition), look, overdue: notFound }
  }

  #playlist(reload: Reload, isFirst: boolean): Answer | Promise<Answer> | null {
    const { visibility, recordings, playlists, livePlaylists } = this.#deps
    const { slug, name, request, directives, known } = reload
    const recording = visibility.recordingOf(slug)
    const sight = recording && visibility.sightOf(recording)
    if (!recording || sight?.access !== 'public' || sight.state === null) return notFound
    const streamed = recordings.streamed(recording)
    if (!isFirst && recordings.hasEnded(recording)) return this.#settled(reload, recording)
    const timeline = streamed ?? known
    if (!timeline) return notFound
    if (!isStreaming(sight.state) && timeline.endedAtMs === null) {
      return playlists.answer(timeline, { name, kind: 'replay' }, request.headers)
    }
    const playlist = livePlaylists.playlist(timeline, name)
    if (!playlist) return notFound
    const { position, skip } = directives
    if (position && !playlist.isEnded) {
      if (isFirst && playlist.isTooFar(position)) return tooFar
      if (!playlist.holds(position)) return null
    }
    const form = { isDelta: skip && !playlist.isEnded, isGzipped: acceptsGzip(request.headers['accept-encoding']) }
    return unlessKnown(livePlaylists.answer(timeline, name, form) ?? notFound, request)
  }

  /** It ended while this one waited: the spool has the last word on it. */
  async #settled(reload: Reload, recording: RecordingId): Promise<Answer> {
    const known = await this.#deps.recordings.timeline(recording)
    return (await this.#playlist({ ...reload, known }, true)) ?? blockedTooLong
  }

  /** Null when access is free and memory does not have it. */
  #part(part: PartFile, request: IncomingMessage): Answer | null {
    const { access } = this.#deps.visibility.sightOf(part.recording)
    if (access === 'withdrawn') return gone
    if (access !== 'public') return notFound
    const fresh = this.#deps.recordings.freshPart(part)
    return fresh && this.#partAnswer(part, fresh, request)
  }

  async #keptPart(part: PartFile, request: IncomingMessage): Promise<Answer> {
    const source = await this.#deps.recordings.part(part)
    return source ? this.#partAnswer(part, source, request) : notFound
  }

  #partAnswer(part: PartFile, source: Parameters<typeof mediaAnswer>[0]['source'], request: IncomingMessage): Answer {
    const { visibility, clock, cacheAfterS } = this.#deps
    const { publishedAtMs } = visibility.sightOf(part.recording)
    const caching = mediaCaching({ publishedAtMs, nowMs: clock.wallMs(), cacheAfterS })
    return mediaAnswer({ key: partKey(part), rendition: part.rendition, source }, request.headers, caching)
  }

  /** Whether it is the part that is hinted at, and its span goes on. */
  #isComing(part: PartFile): boolean {
    const { recordings, livePlaylists } = this.#deps
    const timeline = recordings.isFollowed(part.recording) ? recordings.streamed(part.recording) : null
    const span = timeline?.stretches.at(-1)
    if (!timeline || span?.span !== part.span || span.end || !span.renditions.has(part.rendition)) return false
    const hint = livePlaylists.playlist(timeline, part.rendition)?.hint()
    return hint !== undefined && hint !== null && partAddress(hint) === partAddress(part)
  }
}

interface Reload {
  readonly slug: string
  readonly name: RenditionName
  readonly request: IncomingMessage
  readonly directives: Directives
  readonly known: Timeline | null
}

function unlessKnown(answer: Answer, request: IncomingMessage): Answer {
  const { etag } = answer.headers
  if (etag === undefined || !matchesEtag(request.headers['if-none-match'], etag)) return answer
  return { status: 304, headers: answer.headers, body: null }
}
