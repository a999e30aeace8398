import type { MediaPlaylist, MediaSegment, MultivariantPlaylist } from './playlist.ts'
import { decimal } from './tags/attribute-list.ts'
import { writeByteRange, writeMap } from './tags/byte-range.ts'
import { writeDate, writeDateRange } from './tags/date-range.ts'
import { writePart, writePreloadHint, writeRenditionReport, writeServerControl, writeSkip } from './tags/low-latency.ts'
import { writeRendition, writeVariant } from './tags/variant.ts'

/** The playlist's text, LF line ends, a final line break. */
export function writeMediaPlaylist(playlist: MediaPlaylist): string {
  const lines = [...mediaHeader(playlist)]
  let map = ''
  for (const segment of playlist.segments) {
    const next = segment.map ? writeMap(segment.map) : map
    pushSegment(lines, segment, next === map ? null : next)
    map = next
  }
  lines.push(
    ...playlist.openParts.map(writePart),
    ...playlist.preloadHints.map(writePreloadHint),
    ...playlist.renditionReports.map(writeRenditionReport),
  )
  if (playlist.ended) lines.push('#EXT-X-ENDLIST')
  return `${lines.join('\n')}\n`
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
function pushSegment(lines: string[], segment: MediaSegment, map: string | null): void {
  if (segment.discontinuity) lines.push('#EXT-X-DISCONTINUITY')
  if (map) lines.push(map)
  if (segment.programDateTimeMs !== null) {
    lines.push(`#EXT-X-PROGRAM-DATE-TIME:${writeDate(segment.programDateTimeMs)}`)
  }
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
