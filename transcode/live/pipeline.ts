import type { Clock } from '#archive/core/clock.ts'
import type { ErrorCode } from '#archive/core/error-codes.ts'
import { newId } from '#archive/core/ids.ts'
import type { AudioFrame, FeedPacket, FeedSample, VideoFrame } from '#archive/hls/feed.ts'
import type { LivePipeline, LivePipelineFactory, LivePipelineOptions, SpanCause } from '#archive/hls/packaging.ts'
import type { Capacity } from '../ladder/capacity.ts'
import type { LadderSetting } from '../ladder/choice.ts'
import { spanLimits } from '../packager/span-options.ts'
import { SpanPackager } from '../packager/span-packager.ts'
import { type Decision, decide } from './decision.ts'
import type { StartEncoder } from './encoder.ts'
import { EncoderKeeper } from './encoder-keeper.ts'
import { type Feed, FeedMemory } from './feed.ts'
import { FeedIntake } from './feed-intake.ts'
import { SpanRun } from './span-run.ts'
import type { Timers } from './timers.ts'

export interface LivePipelineDeps {
  readonly clock: Clock
  readonly timers: Timers
  readonly startEncoder: StartEncoder
  /** HEMICYCLE_LADDER. */
  readonly setting: LadderSetting
  /** Asked whenever a ladder is chosen, so that a calibration may end later; null while nothing was measured. */
  readonly capacity: () => Capacity | null
  readonly sourceMaxBitrateBps: number
}

/** The pipelines of one process; they share what was learned of feeds. */
export function createLivePipeline(deps: LivePipelineDeps): LivePipelineFactory {
  const memory = new FeedMemory()
  return (options) => new Pipeline(deps, memory, options)
}

/** How often encoders are looked at. */
const tickMs = 250
/** A keyframe interval within this of the longest segment does not fit a segment any more. */
const frameMarginMs = 60

const jumpsApartMs = 10_000

class Pipeline implements LivePipeline {
  readonly #deps: LivePipelineDeps
  readonly #options: LivePipelineOptions
  readonly #intake: FeedIntake
  readonly #encoders: EncoderKeeper
  readonly #reported = new Map<ErrorCode, number>()
  #feed: Feed | null = null
  #decision: Decision | null = null
  #run: SpanRun | null = null
  #last: SpanRun | null = null
  /** The span ends at the next keyframe, for this reason. */
  #cutNext: SpanCause | null = null
  #lastKeyframeMs = 0
  #cancelTick: (() => void) | null = null
  #closed = false

  constructor(deps: LivePipelineDeps, memory: FeedMemory, options: LivePipelineOptions) {
    this.#deps = deps
    this.#options = options
    const report = (code: ErrorCode, detail: string) => this.#report(code, detail)
    this.#encoders = new EncoderKeeper({
      ...deps,
      report,
      decide: (circumstances) => this.#feed && decide(this.#feed.video.config, this.#feed.profile, circumstances),
      onChange: (cause) => this.#ladderChanged(cause),
    })
    this.#intake = new FeedIntake({
      memory,
      sourceMaxBitrateBps: deps.sourceMaxBitrateBps,
      sink: {
        known: (feed) => {
          this.#feed = feed
        },
        sample: (sample) => this.#sample(sample),
        broken: (cause) => this.#endRun(cause, null),
        report: (code, detail) => this.#reportOnce(code, detail),
      },
    })
  }

  push(packet: FeedPacket): void {
    if (this.#closed) return
    this.#cancelTick ??= this.#deps.timers.after(tickMs, () => this.#tick())
    try {
      this.#intake.push(packet)
    } catch (error) {
      // The contract forbids throwing, and the feed must outlive one packet that nobody foresaw.
      this.#report('INTERNAL', error instanceof Error ? (error.stack ?? error.message) : String(error))
      this.#endRun('stopped', null)
    }
  }

  cut(cause: SpanCause): void {
    if (!this.#closed) this.#intake.cut(cause)
  }

  async close(cause: SpanCause): Promise<void> {
    if (this.#closed) return
    this.#intake.cut(cause)
    this.#closed = true
    this.#cancelTick?.()
    const last = this.#last
    if (last) await new Promise<void>((resolve) => last.onFinished(resolve))
    await this.#encoders.allGone()
  }

  #sample(sample: FeedSample): void {
    if (sample.kind === 'audio') this.#audio(sample)
    else this.#video(sample)
  }

  #video(frame: VideoFrame): void {
    if (frame.keyframe && (this.#run === null || this.#cutNext !== null)) this.#open(frame, this.#cutNext)
    else this.#run?.video(frame)
    if (frame.keyframe) this.#lastKeyframeMs = frame.dtsMs
  }

  #audio(frame: AudioFrame): void {
    const run = this.#run
    if (!run) return
    // Sound comes later than the picture it belongs to: some of it is still for the span before.
    if (frame.ptsMs < run.zeroMs) run.after?.audio(frame)
    else run.after?.soundDone()
    run.audio(frame)
  }

  /** A new span from this keyframe on; the one that is open ends before it. */
  #open(first: VideoFrame, cause: SpanCause | null): void {
    const feed = this.#feed
    if (!feed) return
    const { decision, encoder } = this.#encoders.next(feed)
    this.#endRun(cause ?? 'stopped', feed.audio ? first.ptsMs : null)
    this.#decision = decision
    if (!decision) return
    // Taken here: an encoded span may begin when the feed's clock has already jumped elsewhere.
    const wallAtZeroMs = this.#intake.wallMsAt(0)
    const packager = new SpanPackager({
      span: newId(),
      mode: decision.mode,
      video: feed.video,
      audio: feed.audio,
      encoded: decision.plan?.renditions ?? [],
      frameRate: decision.frameRate,
      longestGopMs: decision.mode === 'source' ? feed.profile.longestGopMs : 0,
      nextNumber: this.#options.nextNumber,
      emit: this.#options.emit,
      report: (code, detail) => this.#report(code, detail),
      wallMsAt: (feedMs) => wallAtZeroMs + feedMs,
    })
    this.#run = new SpanRun({
      packager,
      encoder,
      zeroMs: first.ptsMs,
      after: this.#last,
      timers: this.#deps.timers,
      onRefusal: (run, why, refused) => this.#refused(run, why, refused),
    })
    this.#last = this.#run
    this.#run.video(first)
  }

  #endRun(cause: SpanCause, soundUntilMs: number | null): void {
    const run = this.#run
    this.#run = null
    this.#cutNext = null
    run?.end({ cause, drain: true, soundUntilMs })
  }

  #refused(run: SpanRun, cause: SpanCause, refused: VideoFrame | null): void {
    if (run !== this.#run) return
    if (cause === 'keyframes-too-far' && refused) this.#noteKeyframeInterval(refused.dtsMs - this.#lastKeyframeMs)
    this.#endRun(cause, null)
    if (refused?.keyframe) this.#open(refused, null)
  }

  #noteKeyframeInterval(intervalMs: number): void {
    const feed = this.#feed
    if (!feed) return
    const tooFar = intervalMs + frameMarginMs > spanLimits.longestSegmentMs
    const detail = `${Math.round(intervalMs)} ms went by without a keyframe`
    const misfit = { code: 'SOURCE_KEYFRAMES_TOO_FAR', detail } as const
    const unfit = tooFar ? [...feed.profile.unfit, misfit] : feed.profile.unfit
    const longestGopMs = Math.max(feed.profile.longestGopMs, intervalMs)
    this.#feed = { ...feed, profile: { ...feed.profile, unfit, longestGopMs } }
    this.#intake.correct(this.#feed.profile)
    if (tooFar) this.#reportOnce(misfit.code, misfit.detail)
  }

  /** The encoder is gone, or another ladder is wanted. A source of its own goes on until the next keyframe. */
  #ladderChanged(cause: SpanCause): void {
    if (!this.#run) return
    if (this.#decision?.mode === 'encoded' && !this.#run.encoder) this.#endRun(cause, null)
    else this.#cutNext = cause
  }

  #tick(): void {
    this.#encoders.look(this.#run)
    this.#cancelTick = this.#closed ? null : this.#deps.timers.after(tickMs, () => this.#tick())
  }

  /** What is wrong with a feed stays wrong and is said once; a clock that jumps is said again after a while. */
  #reportOnce(code: ErrorCode, detail: string): void {
    const nowMs = this.#deps.clock.monotonicMs()
    const beforeMs = this.#reported.get(code)
    const again = code === 'SOURCE_TIMESTAMPS_JUMPED' && beforeMs !== undefined && nowMs - beforeMs >= jumpsApartMs
    if (beforeMs !== undefined && !again) return
    this.#reported.set(code, nowMs)
    this.#report(code, detail)
  }

  #report(code: ErrorCode, detail: string): void {
    this.#options.report({ code, detail, atMs: this.#deps.clock.wallMs() })
  }
}
