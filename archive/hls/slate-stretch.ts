import type { SpanId } from '../core/ids.ts'
import type { JournalEvent } from './journal-event.ts'
import type { RenditionName, RenditionSpec } from './packaging.ts'
import { layoutTicks, type SlateRhythm, slateRhythm, slateSegmentLayout, slateSlots, slotMs } from './slate-layout.ts'
import type { OpenPart, OpenSegment, TimelineEntry, TimelineRendition, TimelineSpan } from './timeline.ts'

interface SlateRendition extends TimelineRendition {
  lastNumber: number
  open: OpenSegment | null
  readonly entries: Map<number, TimelineEntry>
}

/** Where a segment stands in its slate, and how much of it there is. */
export interface SlatePosition {
  /** Counted from the beginning of the slate. */
  readonly index: number
  readonly slots: number
}

/** The playlist's map says no more than that there is one. */
const init = { sizeBytes: 0, sha256: '' }

/**
 * A stretch of the live stream in which nothing is captured: a span for the live playlists and for nobody else. What it
 * consists of follows from when it began and how many slots have gone by.
 */
export class SlateStretch implements TimelineSpan {
  readonly span: SpanId
  /** That of the span that follows. */
  readonly index: number
  readonly wallMs: number
  readonly mediaStartMs: number
  readonly master: RenditionName
  readonly renditions: ReadonlyMap<RenditionName, TimelineRendition>
  /** Names its pictures, see transcode/slate. */
  readonly asset: string
  readonly fromNumber: number
  readonly #own: readonly SlateRendition[]
  readonly #rhythm: SlateRhythm
  readonly #numbers: number[] = []
  #slots = 0
  #end: TimelineSpan['end'] = null

  constructor(event: Extract<JournalEvent, { type: 'slate' }>, mediaStartMs: number) {
    const { span, index, wallMs, asset, fromNumber, renditions } = event
    this.span = span
    this.index = index
    this.wallMs = wallMs
    this.mediaStartMs = mediaStartMs
    this.asset = asset
    this.fromNumber = fromNumber
    this.master = renditions[0]?.name ?? 'audio'
    this.#rhythm = slateRhythm(renditions)
    this.#own = renditions.map((spec) => ({ spec, init, entries: new Map(), lastNumber: -1, open: null }))
    this.renditions = new Map(this.#own.map((rendition) => [rendition.spec.name, rendition]))
  }

  get numbers(): readonly number[] {
    return this.#numbers
  }

  get end(): TimelineSpan['end'] {
    return this.#end
  }

  /** How many slots are there. */
  get slots(): number {
    return this.#slots
  }

  /** Duration of one. */
  get slotMs(): number {
    return slotMs(this.#rhythm)
  }

  /** So many slots are there; whether that is news. */
  advance(slots: number): boolean {
    if (this.#end || slots <= this.#slots) return false
    this.#slots = slots
    while ((this.#numbers.length + 1) * slateSlots <= slots) this.#close(slateSlots)
    const left = slots - this.#numbers.length * slateSlots
    for (const rendition of this.#own) rendition.open = left > 0 ? this.#opened(rendition.spec, left) : null
    return true
  }

  /**
   * How many slots there are by `nowMs` when nobody has told: at least as many as anybody has seen, none beyond the numbers
   * that are reserved.
   */
  slotsBy(nowMs: number, nextNumber: number): number {
    const most = (nextNumber - this.fromNumber) * slateSlots
    return Math.max(this.#slots, Math.min(most, Math.floor((nowMs - this.wallMs) / this.slotMs)))
  }

  /** It ended after so many slots: a segment that was begun is as long as it got. */
  finish(slots: number): boolean {
    if (this.#end) return false
    this.advance(slots)
    const left = this.#slots - this.#numbers.length * slateSlots
    if (left > 0) this.#close(left)
    this.#end = { durationMs: 0, cause: 'stopped' }
    return true
  }

  /** Null where the slate has no such segment, or not yet. */
  position(n: number): SlatePosition | null {
    const index = n - this.fromNumber
    const slots = Math.min(slateSlots, this.#slots - index * slateSlots)
    return index >= 0 && slots > 0 ? { index, slots } : null
  }

  #close(slots: number): void {
    const index = this.#numbers.length
    const n = this.fromNumber + index
    for (const rendition of this.#own) {
      const layout = slateSegmentLayout(rendition.spec, this.#rhythm, { index, slots })
      const parts = partsOf(rendition.spec, layout.partTicks).map((part) => ({ ...part, sizeBytes: 0 }))
      const durationTicks = layoutTicks(layout)
      const { startTicks } = layout
      rendition.entries.set(n, { kind: 'segment', n, startTicks, durationTicks, sizeBytes: 0, sha256: '', parts })
      rendition.lastNumber = n
      rendition.open = null
    }
    this.#numbers.push(n)
  }

  #opened(spec: RenditionSpec, slots: number): OpenSegment {
    const index = this.#numbers.length
    const { startTicks, partTicks } = slateSegmentLayout(spec, this.#rhythm, { index, slots })
    return { n: this.fromNumber + index, startTicks, parts: partsOf(spec, partTicks) }
  }
}

function partsOf(spec: RenditionSpec, partTicks: readonly number[]): OpenPart[] {
  return partTicks.map((durationTicks, p) => ({ durationTicks, independent: spec.kind === 'audio' || p === 0 }))
}
