import type { MediaMap, MediaPlaylist, MediaSegment, MultivariantPlaylist, SegmentHead } from './playlist.ts'
import { decimal } from './tags/attribute-list.ts'
import { writeByteRange, writeMap } from './tags/byte-range.ts'
import { writeDate, writeDateRange } from './tags/date-range.ts'
import { writePart, writePreloadHint, writeRenditionReport, writeServerControl, writeSkip } from './tags/low-latency.ts'
import { writeRendition, writeVariant } from './tags/variant.ts'

/** Segments that are written already, and the map in force behind them. */
export interface WrittenSegments {
  readonly text: string
  readonly map: MediaMap | null
}

const nothingWritten: WrittenSegments = { text: '', map: null }

/** The playlist's text, LF line ends, a final line break. `before` stands between the header and the playlist's own segments. */
export function writeMediaPlaylist(playlist: MediaPlaylist, before = nothingWritten): string {
  const written = writeSegments(playlist.segments, before)
  const lines: string[] = []
  if (playlist.openHead && playlist.openParts.length > 0) pushHead(lines, playlist.openHead, written.map)
  lines.push(
    ...playlist.openParts.map(writePart),
    ...playlist.preloadHints.map(writePreloadHint),
    ...playlist.renditionReports.map(writeRenditionReport),
  )
  if (playlist.ended) lines.push('#EXT-X-ENDLIST')
  return [...mediaHeader(playlist), written.text + lines.join('\n')].join('\n') + (lines.length > 0 ? '\n' : '')
}

/** Goes on behind `before` with more segments. */
export function writeSegments(segments: readonly MediaSegment[], before = nothingWritten): WrittenSegments {
  const lines: string[] = []
  let { map } = before
  for (const segment of segments) {
    pushSegment(lines, segment, map)
    map = segment.map ?? map
  }
  return { text: before.text + lines.map((line) => `${line}\n`).join(''), map }
}

/** MEDIA-SEQUENCE and DISCONTINUITY-SEQUENCE stand before SKIP: hls.js reads them in that order. */
function* mediaHeader(playlist: MediaPlaylist): Generator<string> {
  yield '#EXTM3U'
  yield `#EXT-X-VERSION:${playlist.version}`
  yield `#EXT-X-TARGETDURATION:${playlist.targetDurationS}`
  if (playlist.serverControl) yield writeServerControl(playlist.serverControl)
  if (playlist.partTargetS !== null) yield `#EXT-X-PART-INF:PART-TARGET=${decimal(playlist.partTargetS)}`
  yield `#EXT-X-MEDIA-SEQUENCE:${playlist.mediaSequence}`
  yield `#EXT-X-DISCONTINUITY-SEQUENCE:${playlist.discontinuitySequence}`
  if (playlist.type) yield `#EXT-X-PLAYLIST-TYPE:${playlist.type}`
  if (playlist.independentSegments) yield '#EXT-X-INDEPENDENT-SEGMENTS'
  if (playlist.skip) yield writeSkip(playlist.skip)
  yield* playlist.dateRanges.map(writeDateRange)
}

/** DISCONTINUITY, MAP and PROGRAM-DATE-TIME stand before the first PART of their segment (4.4.4.9). */
function pushHead(lines: string[], head: SegmentHead, mapBefore: MediaMap | null): void {
  if (head.discontinuity) lines.push('#EXT-X-DISCONTINUITY')
  const map = head.map && writeMap(head.map)
  if (map && map !== (mapBefore && writeMap(mapBefore))) lines.push(map)
  if (head.programDateTimeMs !== null) lines.push(`#EXT-X-PROGRAM-DATE-TIME:${writeDate(head.programDateTimeMs)}`)
}

function pushSegment(lines: string[], segment: MediaSegment, mapBefore: MediaMap | null): void {
  pushHead(lines, segment, mapBefore)
  for (const part of segment.parts) lines.push(writePart(part))
  if (segment.gap) lines.push('#EXT-X-GAP')
  lines.push(`#EXTINF:${decimal(segment.durationS)},`)
  if (segment.byteRange) lines.push(`#EXT-X-BYTERANGE:${writeByteRange(segment.byteRange)}`)
  lines.push(segment.uri)
}

export function writeMultivariantPlaylist(playlist: MultivariantPlaylist): string {
  const lines = ['#EXTM3U', `#EXT-X-VERSION:${playlist.version}`]
  if (playlist.independentSegments) lines.push('#EXT-X-INDEPENDENT-SEGMENTS')
  lines.push(...playlist.renditions.map(writeRendition), ...playlist.variants.map(writeVariant))
  return `${lines.join('\n')}\n`
}
