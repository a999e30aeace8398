import type { Clock } from '#archive/core/clock.ts'
import { newId, type SpanId } from '#archive/core/ids.ts'
import type { Log } from '#archive/core/log.ts'
import type { SlateEvent, SlateReason } from '#archive/hls/journal-event.ts'
import type { PackagedEvent, RenditionSpec, SpanCause } from '#archive/hls/packaging.ts'
import { slateRhythm, slotMs } from '#archive/hls/slate-layout.ts'

/** Without media for this long a live stream goes on with the slate: a player holds back 1.2 s. */
const interruptedAfterMs = 800
/**
 * A connected feed that stalls is given longer: what comes late is recorded whole, while cutting it would cost the
 * record everything up to the next keyframe, for the sake of a player's hiccup.
 */
const stalledAfterMs = 3_000
const lookEveryMs = 100
/** A stretch without a picture that is longer than this is not filled in afterwards. */
const mostCaughtUpMs = 10_000

/** A slate whose pictures can be served. */
export interface PreparedSlate {
  readonly asset: string
  readonly renditions: readonly RenditionSpec[]
}

/** Where a recording stood when it was opened. */
export interface Standing {
  readonly renditions: readonly RenditionSpec[]
  /** WallTime up to which the live stream has something to show. */
  readonly endWallMs: number
}

/** Where a slate is written down and told to the edges. */
export interface SlateRecorder {
  beginSlate(slate: Omit<SlateEvent, 'type' | 'index' | 'fromNumber'>): void
  /** So many slots in all. */
  showSlate(span: SpanId, slots: number): void
  endSlate(span: SpanId, slots: number): void
}

export interface SlateRunDeps {
  readonly recorder: SlateRecorder
  /** Makes or finds the slate for a stream of these renditions; takes seconds the first time. */
  readonly prepare: (renditions: readonly RenditionSpec[]) => Promise<PreparedSlate>
  /** Ends the span that nothing arrives for. */
  readonly cut: (cause: SpanCause) => void
  readonly standing: Standing | null
  readonly clock: Clock
  /** Calls back once after so many milliseconds; the answer cancels. */
  readonly after: (delayMs: number, run: () => void) => () => void
  readonly log: Log
}

interface Shown {
  readonly span: SpanId
  readonly slotMs: number
  /** WallTime at which the first slot began to be due. */
  readonly anchorMs: number
  slots: number
}

/**
 * Keeps the live stream of one recording going while nothing is captured: at once when the gate is shut, 0.8 s after
 * the encoder has gone, 3 s after a connected one has stalled, until the next span begins. Never before the first span: until then there is nothing to go on with.
 * The slate begins where the last span ended and is told in real time, so that a player's buffer stays as full as it was.
 */
export class SlateRun {
  readonly #deps: SlateRunDeps
  #still: SlateReason | null = null
  #prepared: PreparedSlate | null = null
  #wanted = ''
  #open: { readonly wallMs: number } | null = null
  #isCut = false
  #lastMediaAtMs: number | null = null
  #quietSinceMs: number
  #endWallMs: number | null
  #shown: Shown | null = null
  #cancel: () => void
  #isClosed = false

  constructor(deps: SlateRunDeps) {
    this.#deps = deps
    this.#quietSinceMs = deps.clock.wallMs()
    this.#endWallMs = deps.standing?.endWallMs ?? null
    this.#cancel = deps.after(lookEveryMs, () => this.#look())
    if (deps.standing) this.#prepare(deps.standing.renditions)
  }

  /** The state in which nothing is let in; null while the meeting is live. */
  still(why: 'paused' | 'closed' | null): void {
    if (this.#still === why) return
    this.#still = why
    this.#look()
  }

  /** Something was let in. */
  media(atMs: number): void {
    this.#lastMediaAtMs = atMs
  }

  /** Shown every event of the packager before it is recorded: a span takes the place of the slate. */
  packaged(event: PackagedEvent): void {
    if (event.type === 'span') {
      this.#end()
      this.#open = event
      this.#isCut = false
      this.#prepare(event.renditions)
    } else if (event.type === 'span-end' && this.#open) {
      this.#endWallMs = this.#open.wallMs + event.durationMs
      this.#open = null
      this.#quietSinceMs = this.#deps.clock.wallMs()
    }
  }

  /** Nothing more is shown. */
  close(): void {
    this.#isClosed = true
    this.#cancel()
    this.#end()
  }

  #prepare(renditions: readonly RenditionSpec[]): void {
    const wanted = JSON.stringify(renditions)
    if (wanted === this.#wanted) return
    this.#wanted = wanted
    this.#prepared = null
    this.#deps.prepare(renditions).then(
      (prepared) => {
        if (this.#wanted === wanted) this.#prepared = prepared
      },
      (error: unknown) => {
        this.#deps.log.error({ err: error, code: 'SLATE_FAILED' }, 'there is no slate: players wait during pauses')
        if (this.#wanted === wanted) this.#wanted = ''
      },
    )
  }

  #look(): void {
    if (this.#isClosed) return
    this.#cancel()
    const nowMs = this.#deps.clock.wallMs()
    if (!this.#shown) this.#beginIfDue(nowMs)
    if (this.#shown) this.#show(this.#shown, nowMs)
    const nextMs = this.#shown
      ? this.#shown.anchorMs + (this.#shown.slots + 1) * this.#shown.slotMs - nowMs
      : lookEveryMs
    this.#cancel = this.#deps.after(Math.max(1, Math.min(nextMs, 1000)), () => this.#look())
  }

  #beginIfDue(nowMs: number): void {
    const silentMs = nowMs - (this.#lastMediaAtMs ?? this.#quietSinceMs)
    const isSilent = silentMs >= interruptedAfterMs
    if (this.#open) {
      // Without a slate to show, what still arrives of the span is worth more than its end.
      if (silentMs < stalledAfterMs || this.#isCut || !this.#prepared) return
      this.#isCut = true
      // Its last pictures come out of the encoders first; the slate follows them.
      this.#deps.cut('disconnected')
      if (this.#open) return
    }
    const isInterrupted = isSilent || nowMs - this.#quietSinceMs >= interruptedAfterMs
    const why = this.#still ?? (isInterrupted ? 'interrupted' : null)
    if (why && this.#prepared && this.#endWallMs !== null) this.#begin(this.#prepared, this.#endWallMs, { why, nowMs })
  }

  #begin({ asset, renditions }: PreparedSlate, endWallMs: number, { why, nowMs }: { why: SlateReason; nowMs: number }) {
    const sinceMs = this.#lastMediaAtMs ?? endWallMs
    const isLate = nowMs - sinceMs > mostCaughtUpMs
    const span = newId<'span'>()
    this.#deps.recorder.beginSlate({ span, asset, renditions, wallMs: isLate ? nowMs : endWallMs, why })
    const anchorMs = isLate ? nowMs : Math.min(sinceMs, nowMs)
    this.#shown = { span, slotMs: slotMs(slateRhythm(renditions)), anchorMs, slots: 0 }
  }

  #show(shown: Shown, nowMs: number): void {
    const slots = Math.floor((nowMs - shown.anchorMs) / shown.slotMs)
    if (slots <= shown.slots) return
    shown.slots = slots
    this.#deps.recorder.showSlate(shown.span, slots)
  }

  #end(): void {
    if (!this.#shown) return
    this.#deps.recorder.endSlate(this.#shown.span, this.#shown.slots)
    this.#shown = null
  }
}
