import type { ErrorCode } from '#archive/core/error-codes.ts'
import type { Outcome } from '#archive/core/errors.ts'
import type { AudioFrame, FeedConfig, FeedPacket, FeedSample, VideoFrame } from '#archive/hls/feed.ts'
import type { SpanCause } from '#archive/hls/packaging.ts'
import { parseAacConfig } from '../codec/aac-config.ts'
import { parseAvcConfig } from '../codec/avc-config.ts'
import { ArrivalDelay } from './arrival-delay.ts'
import { Continuity } from './continuity.ts'
import type { FeedProfile } from './decision.ts'
import type { Feed, FeedMemory, FeedSound, FeedVideo } from './feed.ts'
import { FeedLearning } from './feed-learning.ts'

export interface FeedSink {
  /** Comes before the first sample, and again after a `broken` when something changed. */
  known(feed: Feed): void
  /** After `known` and after each `broken` the first picture is a keyframe. */
  sample(sample: FeedSample): void
  /** The timeline or the parameters end here. */
  broken(cause: SpanCause): void
  report(code: ErrorCode, detail: string): void
}

export interface FeedIntakeOptions {
  readonly memory: FeedMemory
  readonly sourceMaxBitrateBps: number
  readonly sink: FeedSink
}

/** Sound that came up to this long before the first keyframe may still be wanted. */
const mostEarlySounds = 64
/** Sound for this long without a picture is a feed without one. */
const patienceForVideoMs = 5_000

/**
 * The door of the pipeline: reads configurations, watches the clock of the feed, and holds everything back until it is
 * known whether the feed fits; what was held goes on then, in order.
 */
export class FeedIntake {
  readonly #options: FeedIntakeOptions
  readonly #continuity = new Continuity()
  readonly #delay = new ArrivalDelay()
  #video: FeedVideo | null = null
  #videoBytes: Uint8Array | null = null
  #audio: FeedSound | null = null
  #audioBytes: Uint8Array | null = null
  #profile: FeedProfile | null = null
  #learning: FeedLearning | null = null
  #early: AudioFrame[] = []
  #awaitsKeyframe = true
  #firstSoundMs: number | null = null
  #sawVideo = false

  constructor(options: FeedIntakeOptions) {
    this.#options = options
  }

  /** WallTime at which the frame with this time of the feed was captured. */
  wallMsAt(feedMs: number): number {
    return (this.#delay.wallAtZeroMs ?? 0) + feedMs
  }

  push(packet: FeedPacket): void {
    if (packet.kind === 'video') this.#videoFrame(packet)
    else if (packet.kind === 'audio') this.#audioFrame(packet)
    else if (packet.kind === 'video-config') this.#videoConfig(packet)
    else this.#audioConfig(packet)
  }

  /** Somebody else ends the stretch here. A feed that comes back may have been set right meanwhile. */
  cut(cause: SpanCause): void {
    this.#breakOff(cause)
    this.#continuity.reset()
    this.#delay.reset()
    if (cause === 'disconnected' && this.#profile && this.#profile.unfit.length > 0) this.#profile = null
  }

  /** What was learned turned out wrong. */
  correct(profile: FeedProfile): void {
    this.#profile = profile
    this.#remember(profile)
  }

  #videoConfig(packet: FeedConfig): void {
    if (this.#videoBytes && sameBytes(packet.data, this.#videoBytes)) return
    this.#breakOff('parameters-changed')
    this.#videoBytes = packet.data
    this.#profile = null
    const parsed = packet.codec === 'h264' ? parseAvcConfig(packet.data) : null
    this.#video = parsed?.ok ? { config: parsed.value, avcC: packet.data } : null
    if (!this.#video) this.#options.sink.report('SOURCE_VIDEO_UNSUPPORTED', refusalOf(parsed, 'it is not H.264'))
  }

  #audioConfig(packet: FeedConfig): void {
    if (this.#audioBytes && sameBytes(packet.data, this.#audioBytes)) return
    // While nothing is published yet the sound may still announce itself.
    if (!this.#learning) this.#breakOff('parameters-changed')
    this.#audioBytes = packet.data
    const parsed = packet.codec === 'aac' ? parseAacConfig(packet.data) : null
    this.#audio = parsed?.ok ? { config: parsed.value, asc: packet.data } : null
    if (!this.#audio) this.#options.sink.report('SOURCE_AUDIO_UNSUPPORTED', refusalOf(parsed, 'it is not AAC'))
    if (this.#profile && !this.#learning) this.#announce(this.#profile)
  }

  #videoFrame(frame: VideoFrame): void {
    this.#sawVideo = true
    if (!this.#video) return
    if (this.#continuity.video(frame) === 'jumped') {
      this.#options.sink.report('SOURCE_TIMESTAMPS_JUMPED', `to ${frame.dtsMs} ms`)
      this.#breakOff('timestamp-jump')
      this.#delay.reset()
    }
    this.#delay.seen(frame.dtsMs, frame.arrivedAtMs)
    if (this.#awaitsKeyframe && !frame.keyframe) return
    if (this.#awaitsKeyframe) this.#begin(this.#video)
    this.#awaitsKeyframe = false
    this.#take(frame)
  }

  #audioFrame(frame: AudioFrame): void {
    this.#missVideo(frame)
    if (!this.#audio || !this.#continuity.audio(frame)) return
    if (this.#awaitsKeyframe) this.#early = [...this.#early.slice(1 - mostEarlySounds), frame]
    else this.#take(frame)
  }

  #begin(video: FeedVideo): void {
    if (!this.#profile) {
      const recalled = this.#options.memory.recall(video, this.#audio)
      if (recalled) this.#announce(recalled)
      else this.#learning = this.#learn(video)
    }
    for (const sound of this.#early.splice(0)) this.#take(sound)
  }

  #learn(video: FeedVideo): FeedLearning {
    return new FeedLearning({ video, audio: this.#audio, sourceMaxBitrateBps: this.#options.sourceMaxBitrateBps })
  }

  #take(sample: FeedSample): void {
    if (!this.#learning) {
      this.#options.sink.sample(sample)
      return
    }
    this.#learning.push(sample)
    if (this.#learning.settled) this.#conclude()
  }

  #conclude(): void {
    const learning = this.#learning
    if (!learning) return
    this.#learning = null
    this.#announce(learning.profile())
    if (!learning.heardSound && !this.#audioBytes) this.#options.sink.report('SOURCE_AUDIO_MISSING', 'no sound came')
    for (const sample of learning.held) this.#options.sink.sample(sample)
    if (learning.settled) this.#remember(this.#profile)
    else this.#profile = null
  }

  #announce(profile: FeedProfile): void {
    if (!this.#video) return
    this.#profile = profile
    const feed = { video: this.#video, audio: this.#audio, profile }
    for (const { code, detail } of profile.unfit) this.#options.sink.report(code, detail)
    this.#options.sink.known(feed)
  }

  #remember(profile: FeedProfile | null): void {
    if (this.#video && profile) this.#options.memory.keep({ video: this.#video, audio: this.#audio, profile })
  }

  #breakOff(cause: SpanCause): void {
    this.#conclude()
    this.#options.sink.broken(cause)
    this.#awaitsKeyframe = true
    this.#early = []
  }

  #missVideo(frame: AudioFrame): void {
    if (this.#sawVideo) return
    this.#firstSoundMs ??= frame.ptsMs
    if (frame.ptsMs - this.#firstSoundMs < patienceForVideoMs) return
    this.#sawVideo = true
    this.#options.sink.report('SOURCE_VIDEO_MISSING', 'five seconds of sound came without a picture')
  }
}

function refusalOf(parsed: Outcome<unknown> | null, otherwise: string): string {
  return parsed && !parsed.ok ? parsed.message : otherwise
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}
