import { gzipSync } from 'node:zlib'
import type { RenditionSpec } from '#archive/hls/packaging.ts'
import type { MediaPlaylist, MediaSegment, Part } from '#archive/hls/playlist.ts'
import { writeMediaPlaylist, writeMultivariantPlaylist } from '#archive/hls/playlist-writer.ts'
import { partBytes } from '#tests/support/fragments.ts'
import { audioSpec, smallSpec, sourceSpec } from '#tests/support/journal.ts'
import { writeInit } from '../../../transcode/mp4/init-section.ts'
import { asc48k, avcC } from '../packager/span-lab.ts'
import type { Reply, ScriptedOrigin } from './virtual-network.ts'

export interface ModelOptions {
  readonly partS: number
  readonly partsPerSegment: number
  /** Segments that are complete when the clock stands at 0. */
  readonly historySegments: number
  /** The first segment of the second span. */
  readonly discontinuityAt: number
  /** Segments after which the stream ends, or null. */
  readonly endAfter: number | null
  /** Segments that stay listed, or null: all. */
  readonly windowSegments: number | null
  /** Complete segments that still list their parts. */
  readonly segmentsWithParts: number
  /** From this time on nothing new appears. */
  readonly stallsAtMs: number
}

export const modelDefaults: ModelOptions = {
  partS: 0.4,
  partsPerSegment: 10,
  historySegments: 12,
  discontinuityAt: 14,
  endAfter: null,
  windowSegments: null,
  segmentsWithParts: 3,
  stallsAtMs: Number.POSITIVE_INFINITY,
}

const startMs = Date.UTC(2026, 2, 2, 19, 0, 0)
const specs: readonly RenditionSpec[] = [sourceSpec, smallSpec, audioSpec]
export const modelBase = 'http://origin.test/live/council/'

/** An origin that keeps every rule, as a function of time. */
export class ModelOrigin implements ScriptedOrigin {
  readonly #options: ModelOptions
  readonly #bytes = new Map<string, Uint8Array>()

  constructor(options: Partial<ModelOptions> = {}) {
    this.#options = { ...modelDefaults, ...options }
  }

  get targetDurationS(): number {
    return Math.max(1, Math.round(this.#options.partS * this.#options.partsPerSegment))
  }

  answer(url: URL, { sentAtMs, nowMs }: { sentAtMs: number; nowMs: number }): Reply {
    const path = url.pathname
    if (path.endsWith('/index.m3u8')) return playlistReply(this.#multivariant(), nowMs)
    const spec = specs.find(({ name }) => path.endsWith(`/${name}.m3u8`))
    if (spec) return this.#playlist(spec, url.searchParams, { sentAtMs, nowMs })
    return this.#file(path, nowMs)
  }

  /** Parts that exist in all. */
  #count(nowMs: number): number {
    const { historySegments, partsPerSegment, partS, endAfter, stallsAtMs } = this.#options
    const grown = Math.floor(Math.min(nowMs, stallsAtMs) / (partS * 1000) + 1e-6)
    const count = historySegments * partsPerSegment + grown
    return endAfter === null ? count : Math.min(count, endAfter * partsPerSegment)
  }

  #partAtMs(index: number): number {
    const { historySegments, partsPerSegment, partS } = this.#options
    return (index + 1 - historySegments * partsPerSegment) * partS * 1000
  }

  #multivariant(): string {
    const video = (name: string, width: number, height: number) => ({
      uri: `${name}.m3u8`,
      bandwidthBps: 1_000_000,
      averageBandwidthBps: null,
      codecs: 'avc1.64001f,mp4a.40.2',
      resolution: { width, height },
      frameRate: 25,
      audio: 'audio',
    })
    const audio = { language: null, isDefault: true, autoselect: true, channels: '2', uri: 'audio.m3u8' }
    return writeMultivariantPlaylist({
      kind: 'multivariant',
      version: 9,
      independentSegments: true,
      renditions: [{ type: 'AUDIO', groupId: 'audio', name: 'audio', ...audio }],
      variants: [video('source', 1280, 720), video('360p', 640, 360)],
    })
  }

  #playlist(
    spec: RenditionSpec,
    query: URLSearchParams,
    { sentAtMs, nowMs }: { sentAtMs: number; nowMs: number },
  ): Reply {
    const { partsPerSegment, partS } = this.#options
    const full = this.playlist(spec, nowMs)
    const text = () => this.#write(spec, query.get('_HLS_skip') === 'YES' ? skipped(full) : full, full)
    if (full.ended) return playlistReply(writeMediaPlaylist(full), nowMs)
    const [msn, part] = [query.get('_HLS_msn'), query.get('_HLS_part')]
    if (msn === null) return part === null ? playlistReply(text(), nowMs) : refusal(400, nowMs)
    const count = this.#count(nowMs)
    const open = Math.floor(count / partsPerSegment)
    if (Number(msn) > open + 1) return refusal(400, nowMs)
    const beyond = part === null ? 0 : Number(part) - Math.max(0, (count % partsPerSegment) - 1)
    if (Number(msn) >= open && beyond > Math.ceil(3 / (partS * 1.05))) return refusal(400, nowMs)
    const needed = Number(msn) * partsPerSegment + Math.min(Number(part ?? partsPerSegment - 1), partsPerSegment)
    if (needed < count) return playlistReply(text(), nowMs)
    const limitMs = sentAtMs + this.targetDurationS * 3000
    if (nowMs >= limitMs) return refusal(503, nowMs)
    const dueMs = this.#partAtMs(needed)
    return { again: dueMs > nowMs ? Math.min(dueMs, limitMs) : limitMs }
  }

  playlist(spec: RenditionSpec, nowMs: number): MediaPlaylist {
    const { partsPerSegment, partS, endAfter, windowSegments } = this.#options
    const count = this.#count(nowMs)
    const open = Math.floor(count / partsPerSegment)
    const ended = endAfter !== null && open >= endAfter
    const from = windowSegments === null ? 0 : Math.max(0, open - windowSegments)
    const last = ended ? { lastMsn: open - 1, lastPart: partsPerSegment - 1 } : lastOf(count, partsPerSegment)
    const target = this.targetDurationS
    const partsFrom = open - this.#options.segmentsWithParts
    return {
      kind: 'media',
      version: 9,
      targetDurationS: target,
      mediaSequence: from,
      discontinuitySequence: from > this.#options.discontinuityAt ? 1 : 0,
      type: null,
      independentSegments: true,
      serverControl: {
        canBlockReload: true,
        canSkipUntilS: 6 * target,
        canSkipDateRanges: false,
        holdBackS: 3 * target,
        partHoldBackS: partS * 1.05 * 3,
      },
      partTargetS: partS * 1.05,
      skip: null,
      segments: Array.from({ length: open - from }, (_, index) =>
        this.#segment(spec, from + index, from + index >= partsFrom),
      ),
      openParts: this.#parts(spec, open, count % partsPerSegment),
      preloadHints: ended
        ? []
        : [{ type: 'PART', uri: this.#uri(spec, open, count % partsPerSegment), startBytes: null, lengthBytes: null }],
      renditionReports: specs.filter((other) => other !== spec).map(({ name }) => ({ uri: `${name}.m3u8`, ...last })),
      dateRanges: [],
      ended,
    }
  }

  /** What stands before the open segment's parts is no part of a playlist as data. */
  #write(spec: RenditionSpec, playlist: MediaPlaylist, full: MediaPlaylist): string {
    const text = writeMediaPlaylist(playlist)
    const open = full.mediaSequence + full.segments.length
    const { discontinuity, programDateTimeMs, map } = this.#segment(spec, open, false)
    if (playlist.openParts.length === 0 || programDateTimeMs === null) return text
    const tags = [
      ...(discontinuity ? ['#EXT-X-DISCONTINUITY', `#EXT-X-MAP:URI="${map?.uri}"`] : []),
      `#EXT-X-PROGRAM-DATE-TIME:${new Date(programDateTimeMs).toISOString()}`,
    ]
    const first = `URI="${playlist.openParts[0]?.uri}"`
    return text
      .split('\n')
      .map((line) => (line.includes(first) ? `${tags.join('\n')}\n${line}` : line))
      .join('\n')
  }

  #segment(spec: RenditionSpec, n: number, withParts: boolean): MediaSegment {
    const { partsPerSegment, partS, discontinuityAt } = this.#options
    const segmentS = partS * partsPerSegment
    const isSecond = n >= discontinuityAt
    return {
      durationS: segmentS,
      uri: this.#uri(spec, n, null),
      discontinuity: n === discontinuityAt,
      gap: false,
      programDateTimeMs: startMs + n * segmentS * 1000 + (isSecond ? 700 : 0),
      map: { uri: `/media/rec/${isSecond ? 'sb' : 'sa'}/${spec.name}/init.mp4`, byteRange: null },
      byteRange: null,
      parts: withParts ? this.#parts(spec, n, partsPerSegment) : [],
    }
  }

  #parts(spec: RenditionSpec, n: number, count: number): Part[] {
    return Array.from({ length: count }, (_, p) => ({
      uri: this.#uri(spec, n, p),
      durationS: this.#options.partS,
      independent: p === 0 || spec.kind === 'audio',
      gap: false,
      byteRange: null,
    }))
  }

  #uri(spec: RenditionSpec, n: number, p: number | null): string {
    const span = n >= this.#options.discontinuityAt ? 'sb' : 'sa'
    return `/media/rec/${span}/${spec.name}/${p === null ? n : `${n}.${p}`}.m4s`
  }

  #file(path: string, nowMs: number): Reply {
    const [, span, name, file] = /^\/media\/rec\/(sa|sb)\/([a-z0-9]+)\/([0-9a-z.]+)$/.exec(path) ?? []
    const spec = specs.find((one) => one.name === name)
    if (!spec || !file) return refusal(404, nowMs)
    const type = spec.kind === 'audio' ? 'audio/mp4' : 'video/mp4'
    if (file === 'init.mp4') return bytesReply(initSection(spec), type, nowMs)
    const [, n = '', p] = /^(\d+)(?:\.(\d+))?\.m4s$/.exec(file) ?? []
    const { partsPerSegment } = this.#options
    const last = Number(n) * partsPerSegment + Number(p ?? partsPerSegment - 1)
    if (n === '' || Number(p ?? 0) >= partsPerSegment || this.#uri(spec, Number(n), null).split('/')[3] !== span) {
      return refusal(404, nowMs)
    }
    const count = this.#count(nowMs)
    if (last < count) return bytesReply(this.#media(spec, Number(n), p), type, nowMs)
    const isHinted = p !== undefined && last === count && this.#partAtMs(last) > nowMs
    return isHinted ? { again: this.#partAtMs(last) } : refusal(404, nowMs)
  }

  #media(spec: RenditionSpec, n: number, p: string | undefined): Uint8Array {
    const key = `${spec.name} ${n} ${p}`
    const known = this.#bytes.get(key)
    if (known) return known
    const { partsPerSegment, partS } = this.#options
    const durationTicks = Math.round(partS * spec.timescale)
    const part = (index: number) =>
      partBytes(spec, {
        startTicks: (n * partsPerSegment + index) * durationTicks,
        durationTicks,
        independent: index === 0,
        payloadBytes: 100,
      })
    const bytes =
      p === undefined ? Buffer.concat(Array.from({ length: partsPerSegment }, (_, i) => part(i))) : part(Number(p))
    this.#bytes.set(key, bytes)
    return bytes
  }
}

/** The rules let a client be told of the last part alone. */
function lastOf(count: number, partsPerSegment: number) {
  return { lastMsn: Math.floor((count - 1) / partsPerSegment), lastPart: (count - 1) % partsPerSegment }
}

function skipped(full: MediaPlaylist): MediaPlaylist {
  let remainingS = full.openParts.reduce((sum, { durationS }) => sum + durationS, 0)
  let keep = full.segments.length
  while (keep > 0 && remainingS < (full.serverControl?.canSkipUntilS ?? 0)) {
    keep--
    remainingS += full.segments[keep]?.durationS ?? 0
  }
  if (keep === 0) return full
  const segments = full.segments.slice(keep)
  const before = JSON.stringify(full.segments[keep - 1]?.map)
  const known = segments.map((segment) =>
    JSON.stringify(segment.map) === before ? { ...segment, map: null } : segment,
  )
  return { ...full, skip: { segments: keep, removedDateRanges: [] }, segments: known }
}

function playlistReply(text: string, nowMs: number): Reply {
  const headers = { 'content-type': 'application/vnd.apple.mpegurl', 'content-encoding': 'gzip' }
  return { status: 200, headers, body: gzipSync(text, { level: 1 }), readyAtMs: nowMs, bodyMs: 0 }
}

function bytesReply(body: Uint8Array, type: string, nowMs: number): Reply {
  return { status: 200, headers: { 'content-type': type }, body, readyAtMs: nowMs, bodyMs: 1 }
}

function refusal(status: number, nowMs: number): Reply {
  return { status, headers: { 'content-type': 'text/plain' }, body: new Uint8Array(), readyAtMs: nowMs, bodyMs: 0 }
}

function initSection(spec: RenditionSpec): Uint8Array {
  return writeInit(spec.kind === 'video' ? { ...spec, avcC } : { ...spec, asc: asc48k })
}
