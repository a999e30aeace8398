import { type PartFile, partAddress } from './address.ts'
import {
  advancePartLimit,
  mostExpectedPart,
  partTargetS,
  partWindowS,
  type ReloadPosition,
  serverControl,
} from './low-latency.ts'
import { targetDurationS } from './media-view.ts'
import type { RenditionName } from './packaging.ts'
import type { MediaPlaylist, MediaSegment, Part, PreloadHint, RenditionReport } from './playlist.ts'
import { type WrittenSegments, writeMediaPlaylist, writeSegments } from './playlist-writer.ts'
import { type ListedSegment, type OpenListing, SegmentList } from './segment-list.ts'
import type { OpenPart, Timeline, TimelineRendition, TimelineSpan } from './timeline.ts'

export interface LiveText {
  /** The playlist up to where only segments are listed that can no longer change; each one is the beginning of the next. */
  readonly settled: string
  readonly rest: string
}

/**
 * The low-latency media playlist of one rendition, from the beginning of the recording (MEDIA-SEQUENCE is 0 for ever and
 * counts listed segments). What is older than the part window is written once and kept.
 */
export class LivePlaylist {
  readonly #timeline: Timeline
  readonly #name: RenditionName
  readonly #list: SegmentList
  #edition = -1
  #settled: WrittenSegments = { text: '', map: null }
  #settledCount = 0

  constructor(timeline: Timeline, name: RenditionName) {
    this.#timeline = timeline
    this.#name = name
    this.#list = new SegmentList(timeline, name, 'live')
  }

  get name(): RenditionName {
    return this.#name
  }

  /** Whether there is anything to list; before its first complete segment a rendition has no playlist. */
  get isListable(): boolean {
    return this.#fresh().length > 0
  }

  get isEnded(): boolean {
    return this.#timeline.endedAtMs !== null
  }

  /**
   * Whether it has what a blocking reload waits for. A part past the end of its segment means part 0 of the next
   * (6.2.5.2); a gap has no parts, and is there as a whole.
   */
  holds({ msn, part }: ReloadPosition): boolean {
    const listed = this.#fresh()
    const open = listed.length
    if (msn > open || (part === null && msn === open)) return false
    const openParts = this.#open()?.open.parts.length ?? 0
    if (msn === open) return openParts > (part ?? 0)
    if (part === null || msn < open - 1) return true
    const entry = listed[msn]?.entry
    return entry?.kind !== 'segment' || part < entry.parts.length || openParts > 0
  }

  /** Whether a reload asks for what is too far ahead to wait for. */
  isTooFar({ msn, part }: ReloadPosition): boolean {
    const open = this.#fresh().length
    const openParts = this.#open()?.open.parts.length ?? 0
    const last = openParts > 0 ? open : open - 1
    if (msn > last + 2) return true
    const lastPart = msn === open ? openParts - 1 : -1
    return msn >= open && part !== null && part > Math.max(lastPart + advancePartLimit, mostExpectedPart)
  }

  /** What another rendition's playlist says of this one. */
  report(): RenditionReport {
    const listed = this.#fresh()
    const openParts = this.#open()?.open.parts.length ?? 0
    const uri = `${this.#name}.m3u8`
    if (openParts > 0) return { uri, lastMsn: listed.length, lastPart: openParts - 1 }
    const entry = listed.at(-1)?.entry
    return { uri, lastMsn: listed.length - 1, lastPart: entry?.kind === 'segment' ? entry.parts.length - 1 : null }
  }

  /**
   * The next part. Of a span that has ended, and of one without this rendition, none will come; but a playlist without a hint
   * makes players poll.
   */
  hint(): PartFile | null {
    const open = this.#open()
    if (open) return this.#part(open.span, open.open.n, open.open.parts.length)
    const span = this.#timeline.stretches.at(-1)
    return span ? this.#part(span, this.#nextNumber(span), 0) : null
  }

  full(reports: readonly RenditionReport[]): LiveText {
    this.#settle()
    const playlist = this.#from(this.#settledCount, reports)
    const text = writeMediaPlaylist(playlist, this.#settled)
    const header = writeMediaPlaylist({ ...playlist, ...nothingListed })
    const length = header.length + this.#settled.text.length
    return { settled: text.slice(0, length), rest: text.slice(length) }
  }

  /** A delta update (4.4.5.2); null where nothing lies beyond the skip boundary, and after the end. */
  delta(reports: readonly RenditionReport[]): string | null {
    const segments = this.#beyond(serverControl.canSkipUntilS ?? 0)
    if (segments === 0 || this.isEnded) return null
    return writeMediaPlaylist({ ...this.#from(segments, reports), skip: { segments, removedDateRanges: [] } })
  }

  #fresh(): readonly ListedSegment[] {
    if (this.#edition !== this.#timeline.edition) this.#list.update()
    this.#edition = this.#timeline.edition
    return this.#list.listed
  }

  #open(): OpenListing | null {
    return this.isEnded ? null : this.#list.open()
  }

  #settle(): void {
    const upTo = this.#beyond(partWindowS)
    if (upTo <= this.#settledCount) return
    const segments = this.#fresh().slice(this.#settledCount, upTo)
    this.#settled = writeSegments(
      segments.map(({ segment }) => segment),
      this.#settled,
    )
    this.#settledCount = upTo
  }

  /** How many segments end further from the live edge than `distanceS`. */
  #beyond(distanceS: number): number {
    const listed = this.#fresh()
    const open = this.#open()
    let fromEdgeS = open ? open.open.parts.reduce((sum, part) => sum + seconds(open.rendition, part), 0) : 0
    for (let i = listed.length - 1; i >= 0; i--) {
      if (fromEdgeS > distanceS) return i + 1
      fromEdgeS += listed[i]?.segment.durationS ?? 0
    }
    return 0
  }

  #from(first: number, reports: readonly RenditionReport[]): MediaPlaylist {
    const open = this.#open()
    const withParts = this.#beyond(partWindowS)
    return {
      kind: 'media',
      version: 9,
      targetDurationS,
      mediaSequence: 0,
      discontinuitySequence: 0,
      type: null,
      independentSegments: true,
      serverControl,
      partTargetS,
      skip: null,
      segments: this.#fresh()
        .slice(first)
        .map((listed, index) => (first + index < withParts ? listed.segment : this.#withParts(listed))),
      openHead: open?.head ?? null,
      openParts: open ? this.#parts(open, open.open.n, open.open.parts) : [],
      preloadHints: this.#hints(),
      renditionReports: this.isEnded ? [] : reports,
      dateRanges: [],
      ended: this.isEnded,
    }
  }

  #withParts({ segment, span, entry }: ListedSegment): MediaSegment {
    const rendition = span.renditions.get(this.#name)
    if (entry.kind === 'gap' || !rendition) return segment
    return { ...segment, parts: this.#parts({ span, rendition }, entry.n, entry.parts) }
  }

  #parts(
    { span, rendition }: { span: TimelineSpan; rendition: TimelineRendition },
    n: number,
    parts: readonly OpenPart[],
  ): Part[] {
    return parts.map((part, p) => ({
      uri: this.#partUri(span, n, p),
      durationS: seconds(rendition, part),
      independent: part.independent,
      gap: false,
      byteRange: null,
    }))
  }

  /** The number that this rendition fills next: one that another has begun already, else the one after all. */
  #nextNumber(span: TimelineSpan): number {
    const after = span.renditions.get(this.#name)?.lastNumber ?? -1
    const begun = [...span.renditions.values()].flatMap(({ open }) => open?.n ?? [])
    const known = [...span.numbers.slice(-2), ...begun].filter((n) => n > after)
    const last = this.#timeline.stretches.findLast(({ numbers }) => numbers.length > 0)?.numbers.at(-1) ?? -1
    return known.length > 0 ? Math.min(...known) : last + 1
  }

  #hints(): PreloadHint[] {
    const hint = this.isEnded ? null : this.hint()
    return hint ? [{ type: 'PART', uri: partAddress(hint), startBytes: null, lengthBytes: null }] : []
  }

  #partUri(span: TimelineSpan, n: number, p: number): string {
    const part = this.#part(span, n, p)
    return part ? partAddress(part) : ''
  }

  #part({ span }: TimelineSpan, n: number, p: number): PartFile | null {
    const recording = this.#timeline.facts?.recording
    return recording ? { recording, span, rendition: this.#name, n, p } : null
  }
}

const nothingListed = {
  segments: [],
  openParts: [],
  preloadHints: [],
  renditionReports: [],
  ended: false,
} as const satisfies Partial<MediaPlaylist>

function seconds({ spec }: TimelineRendition, { durationTicks }: OpenPart): number {
  return durationTicks / spec.timescale
}
