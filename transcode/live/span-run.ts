import type { AudioFrame, VideoFrame } from '#archive/hls/feed.ts'
import type { SpanCause } from '#archive/hls/packaging.ts'
import type { SpanPackager } from '../packager/span-packager.ts'
import type { EncoderRun } from './encoder-run.ts'
import type { Timers } from './timers.ts'

/** How long a span waits for what its encoder and the sound still owe it. */
const drainMs = 1_000

interface SpanRunOptions {
  readonly packager: SpanPackager
  readonly encoder: EncoderRun | null
  /** Of the first picture. */
  readonly zeroMs: number
  /** The span before: nothing of this one is packaged until that one is finished. */
  readonly after: SpanRun | null
  readonly timers: Timers
  /** The packager did not take a frame: the span has to end before it. */
  readonly onRefusal: (run: SpanRun, cause: SpanCause, refused: VideoFrame | null) => void
}

export interface SpanEnding {
  readonly cause: SpanCause
  /** Let the encoder give what is inside it. */
  readonly drain: boolean
  /** Sound before this time still belongs to this span though it comes later; null when none is awaited. */
  readonly soundUntilMs: number | null
}

/** One span: its packager, its encoder, and its orderly end, while the next span is already fed. */
export class SpanRun {
  readonly zeroMs: number
  #after: SpanRun | null = null
  readonly #packager: SpanPackager
  readonly #timers: Timers
  readonly #onRefusal: SpanRunOptions['onRefusal']
  #encoder: EncoderRun | null
  /** What waits for the span before; null once released. */
  #held: (() => void)[] | null = null
  #ending: SpanEnding | null = null
  #soundDone = false
  #finished = false
  #whenFinished: (() => void)[] = []
  #cancelDeadline = () => {}

  constructor({ packager, encoder, zeroMs, after, timers, onRefusal }: SpanRunOptions) {
    this.#onRefusal = onRefusal
    this.zeroMs = zeroMs
    this.#packager = packager
    this.#encoder = encoder
    this.#timers = timers
    if (after && !after.#finished) {
      this.#held = []
      this.#after = after
      after.onFinished(() => this.#release())
    }
    encoder?.serve({
      config: (rendition, avcC) => this.#do(() => packager.encodedConfig(rendition, avcC)),
      frame: (rendition, frame) => this.#do(() => this.#judge(packager.pushEncoded(rendition, frame), null)),
      end: () => this.#encoderEnded(encoder),
    })
  }

  get encoder(): EncoderRun | null {
    return this.#encoder
  }

  /** The span before, until it is finished. */
  get after(): SpanRun | null {
    return this.#after
  }

  get isFinished(): boolean {
    return this.#finished
  }

  video(frame: VideoFrame): void {
    this.#do(() => this.#judge(this.#packager.push(frame), frame))
    this.#encoder?.push(frame)
  }

  audio(frame: AudioFrame): void {
    this.#do(() => void this.#packager.push(frame))
  }

  end(ending: SpanEnding): void {
    if (this.#ending) return
    this.#ending = ending
    this.#soundDone = ending.soundUntilMs === null
    if (ending.drain) this.#encoder?.finish()
    else this.abandonEncoder()
    this.#finishIfDone()
    if (this.#finished) return
    this.#cancelDeadline = this.#timers.after(drainMs, () => {
      this.#soundDone = true
      this.abandonEncoder()
      this.#finishIfDone()
    })
  }

  /** All sound of this span has come. */
  soundDone(): void {
    this.#soundDone = true
    this.#finishIfDone()
  }

  onFinished(run: () => void): void {
    if (this.#finished) run()
    else this.#whenFinished.push(run)
  }

  /** What its encoder still holds is lost; the source, where it is the top, goes on. */
  abandonEncoder(): void {
    const encoder = this.#encoder
    if (!encoder) return
    encoder.kill()
    this.#encoderEnded(encoder)
  }

  #encoderEnded(encoder: EncoderRun): void {
    if (this.#encoder !== encoder) return
    this.#encoder = null
    if (this.#ending) this.#finishIfDone()
    else for (const { name } of encoder.plan.renditions) this.#do(() => this.#packager.drop(name))
  }

  #judge(cause: SpanCause | null, refused: VideoFrame | null): void {
    if (cause !== null && !this.#ending) this.#onRefusal(this, cause, refused)
  }

  #finishIfDone(): void {
    const ending = this.#ending
    if (!ending || this.#finished || this.#held) return
    if (this.#soundDone) this.#packager.endFeed()
    if (!this.#soundDone || this.#encoder) return
    this.#finished = true
    this.#cancelDeadline()
    this.#packager.finish(ending.cause)
    for (const run of this.#whenFinished) run()
  }

  #release(): void {
    const held = this.#held ?? []
    this.#held = null
    this.#after = null
    for (const action of held) action()
    this.#finishIfDone()
  }

  #do(action: () => void): void {
    if (this.#finished) return
    if (this.#held) this.#held.push(action)
    else action()
  }
}
