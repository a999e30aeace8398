import type { FeedSample, VideoFrame } from '#archive/hls/feed.ts'
import { hasIdr } from '../codec/avc-access-unit.ts'
import { SourceObserver } from '../packager/source-observer.ts'
import type { FeedProfile } from './decision.ts'
import type { FeedSound, FeedVideo } from './feed.ts'

export interface FeedLearningOptions {
  readonly video: FeedVideo
  readonly audio: FeedSound | null
  readonly sourceMaxBitrateBps: number
}

/** Above this keyframe interval nobody waits for the next keyframe any more. */
const longestWaitMs = 4_400

/** Looks at the first seconds of a feed, from a keyframe on, and holds them until it has seen enough. */
export class FeedLearning {
  readonly #observer = new SourceObserver()
  readonly #options: FeedLearningOptions
  readonly #held: FeedSample[] = []
  #frames = 0
  #firstMs = 0
  #lastMs = 0
  #heardSound = false

  constructor(options: FeedLearningOptions) {
    this.#options = options
    this.#observer.videoConfig(options.video.config)
    this.#observer.audioConfig(options.audio?.config ?? null)
  }

  get held(): readonly FeedSample[] {
    return this.#held
  }

  get heardSound(): boolean {
    return this.#heardSound
  }

  /** One whole keyframe interval was seen, or that it is too long. */
  get settled(): boolean {
    const { settled, keyframes } = this.#observer.facts()
    return settled && (keyframes.lastMs !== null || keyframes.runningMs > longestWaitMs)
  }

  push(sample: FeedSample): void {
    this.#held.push(sample)
    if (sample.kind === 'video') this.#see(sample)
    else this.#heardSound = true
    this.#observer.see({
      kind: sample.kind,
      dtsMs: sample.kind === 'video' ? sample.dtsMs : sample.ptsMs,
      ptsMs: sample.ptsMs,
      keyframe: sample.kind === 'video' && sample.keyframe,
      idr: this.#isIdr(sample),
      sizeBytes: sample.data.length,
      arrivedAtMs: sample.arrivedAtMs,
    })
  }

  profile(): FeedProfile {
    const fit = this.#observer.fit({ maxBitrateBps: this.#options.sourceMaxBitrateBps })
    const { frameRate, keyframes } = this.#observer.facts()
    const spanMs = this.#lastMs - this.#firstMs
    return {
      frameRate,
      framesPerSecond: spanMs > 0 ? ((this.#frames - 1) * 1000) / spanMs : null,
      longestGopMs: keyframes.longestMs,
      unfit: fit.fits ? [] : fit.reasons,
    }
  }

  #see({ dtsMs }: VideoFrame): void {
    if (this.#frames === 0) this.#firstMs = dtsMs
    this.#frames += 1
    this.#lastMs = dtsMs
  }

  #isIdr(sample: FeedSample): boolean | null {
    if (sample.kind === 'audio' || !sample.keyframe) return null
    return hasIdr(sample.data, this.#options.video.config.nalLengthSize)
  }
}
