import type { Clock } from '#archive/core/clock.ts'
import type { ErrorCode } from '#archive/core/error-codes.ts'
import type { SpanCause } from '#archive/hls/packaging.ts'
import type { Capacity } from '../ladder/capacity.ts'
import type { LadderSetting } from '../ladder/choice.ts'
import type { Decision, LadderCircumstances } from './decision.ts'
import type { EncoderEnd, StartEncoder } from './encoder.ts'
import { EncoderRun } from './encoder-run.ts'
import type { Feed } from './feed.ts'
import { RestartBudget } from './restart-budget.ts'
import { Shedding } from './shedding.ts'
import type { SpanRun } from './span-run.ts'
import type { Timers } from './timers.ts'

interface EncoderKeeperOptions {
  readonly clock: Clock
  readonly timers: Timers
  readonly startEncoder: StartEncoder
  readonly setting: LadderSetting
  readonly capacity: () => Capacity | null
  readonly report: (code: ErrorCode, detail: string) => void
  readonly decide: (circumstances: LadderCircumstances) => Decision | null
  /** The ladder of the open span is to be another one, or its encoder is gone. */
  readonly onChange: (cause: SpanCause) => void
}

const stallsBelongTogetherMs = 60_000

interface Prepared {
  readonly decision: Decision | null
  readonly encoder: EncoderRun | null
}

/**
 * Starts encoders, watches them, and decides what follows when one dies, stalls or falls behind. After a death the
 * next one is started at once and waits for the keyframe at which the next span begins.
 */
export class EncoderKeeper {
  readonly #options: EncoderKeeperOptions
  readonly #budget = new RestartBudget()
  readonly #shedding = new Shedding()
  readonly #alive = new Set<EncoderRun>()
  #feed: Feed | null = null
  #standby: Prepared | null = null
  #cancelStart = () => {}
  #cancelRest = () => {}
  #lastStallMs = Number.NEGATIVE_INFINITY
  #whenGone: (() => void)[] = []

  constructor(options: EncoderKeeperOptions) {
    this.#options = options
  }

  /** Decision and encoder for the span that begins at this moment. */
  next(feed: Feed): Prepared {
    const standby = this.#feed === feed ? this.#standby : null
    if (!standby) this.dismissStandby()
    this.#cancelStart()
    this.#standby = null
    this.#feed = feed
    return standby?.encoder && !standby.encoder.ended ? standby : this.#prepare(feed)
  }

  /** To be called a few times a second with the span that is open. */
  look(run: SpanRun | null): void {
    const encoder = run?.encoder ?? null
    const verdict = encoder?.verdict() ?? 'fine'
    if (run && encoder && verdict !== 'fine') this.#giveUp(run, encoder, verdict)
    else if (run && this.#shedding.calm(this.#nowMs())) this.#options.onChange('ladder-changed')
  }

  dismissStandby(): void {
    this.#cancelStart()
    this.#standby?.encoder?.kill()
    this.#standby = null
  }

  /** Nothing is started any more; resolves when no encoder is left. */
  allGone(): Promise<void> {
    this.#cancelRest()
    this.dismissStandby()
    if (this.#alive.size === 0) return Promise.resolve()
    return new Promise((resolve) => this.#whenGone.push(resolve))
  }

  #giveUp(run: SpanRun, encoder: EncoderRun, verdict: 'stalled' | 'overloaded'): void {
    const names = encoder.plan.renditions.map(({ name }) => name).join(', ')
    run.abandonEncoder()
    if (verdict === 'stalled') {
      this.#options.report('LADDER_ENCODER_STALLED', names)
      if (this.#stalledAgain()) this.#shed(names)
      this.#lost()
      return
    }
    this.#shed(names)
    this.#options.onChange('ladder-changed')
    this.#startStandby()
  }

  /** Twice within a minute: on a starved machine an encoder may never come to its first output. */
  #stalledAgain(): boolean {
    const beforeMs = this.#lastStallMs
    this.#lastStallMs = this.#nowMs()
    return this.#lastStallMs - beforeMs < stallsBelongTogetherMs
  }

  #shed(names: string): void {
    this.#shedding.overloaded(this.#nowMs())
    const remaining =
      this.#decide()
        ?.plan?.renditions.map(({ name }) => name)
        .join(', ') ?? 'none'
    this.#options.report('LADDER_OVERLOADED', `of ${names} there remains: ${remaining}`)
  }

  #ended(run: EncoderRun, end: EncoderEnd, asked: boolean): void {
    this.#alive.delete(run)
    if (this.#alive.size === 0) for (const tell of this.#whenGone.splice(0)) tell()
    if (asked) return
    this.#options.report('LADDER_ENCODER_DIED', end.detail)
    this.#lost()
  }

  #lost(): void {
    const nowMs = this.#nowMs()
    const exhausted = this.#budget.died(nowMs)
    this.#options.onChange('encoder-died')
    this.#cancelStart()
    if (exhausted) this.#rest()
    else this.#cancelStart = this.#options.timers.after(this.#budget.delayMs(nowMs), () => this.#startStandby())
  }

  #rest(): void {
    this.#options.report('LADDER_BACKED_OFF', 'ten times within a minute')
    this.#cancelRest = this.#options.timers.after(this.#budget.restMs, () => {
      this.#startStandby()
      this.#options.onChange('ladder-changed')
    })
  }

  #startStandby(): void {
    this.dismissStandby()
    if (this.#feed) this.#standby = this.#prepare(this.#feed)
  }

  #prepare(feed: Feed): Prepared {
    const decision = this.#decide()
    if (!decision?.plan) return { decision, encoder: null }
    const encoder = new EncoderRun({
      start: this.#options.startEncoder,
      clock: this.#options.clock,
      plan: decision.plan,
      config: feed.video.avcC,
      framesPerSecond: feed.profile.framesPerSecond,
      onEnd: (run, end, asked) => this.#ended(run, end, asked),
    })
    if (!encoder.ended) this.#alive.add(encoder)
    return { decision, encoder }
  }

  #decide(): Decision | null {
    const { setting, capacity, decide } = this.#options
    const resting = this.#budget.isResting(this.#nowMs())
    return decide({ setting, capacity: capacity(), steps: this.#shedding.steps, resting })
  }

  #nowMs(): number {
    return this.#options.clock.monotonicMs()
  }
}
