import type { AacConfig } from '../codec/aac-config.ts'
import type { AvcConfig } from '../codec/avc-config.ts'
import type { Fraction } from '../codec/avc-vui.ts'
import { BitrateWindow } from './bitrate-window.ts'
import { IntervalMeter } from './interval-meter.ts'
import { type FitSettings, fitSource, type SourceFit } from './source-fit.ts'

/** What is known of a packet without looking into it; `idr` is null where nobody looked. Times of the encoder's clock. */
export interface PacketFacts {
  readonly kind: 'video' | 'audio'
  readonly dtsMs: number
  readonly ptsMs: number
  readonly keyframe: boolean
  readonly idr: boolean | null
  readonly sizeBytes: number
  readonly arrivedAtMs: number
}

export interface SourceFacts {
  /** Null for a feed that is not H.264, or before its configuration came. */
  readonly video: AvcConfig | null
  readonly audio: AacConfig | null
  readonly audioSeen: boolean
  /** Exact and common, or null when there is none such; `measuredFps` is the plain count. */
  readonly frameRate: Fraction | null
  readonly measuredFps: number | null
  readonly constant: boolean
  /** The last whole interval, the longest, and how long the present one has grown. */
  readonly keyframes: { readonly lastMs: number | null; readonly longestMs: number; readonly runningMs: number }
  readonly everyKeyframeIdr: boolean
  /** Most B-frames in a row. */
  readonly bFrames: number
  readonly bitrateBps: number | null
  /** Enough has been seen to judge: a second and one whole GOP, or 4.4 s. */
  readonly settled: boolean
}

const settledMs = 4400
const shortestMs = 1000

/** Watches a feed go by, packet facts only, and says what it is and whether it can be published untouched. */
export class SourceObserver {
  #video: AvcConfig | null = null
  #audio: AacConfig | null = null
  #audioSeen = false
  #intervals = new IntervalMeter()
  readonly #bitrate = new BitrateWindow()
  #firstMs: number | null = null
  #lastMs = 0
  #keyframe = { atMs: null as number | null, lastMs: null as number | null, longestMs: 0 }
  #everyKeyframeIdr = true
  #reorder = { highestPts: -Infinity, run: 0, longest: 0 }

  /** A new configuration begins a new observation of the video; null stands for a codec that is not H.264. */
  videoConfig(config: AvcConfig | null): void {
    this.#video = config
    this.#intervals = new IntervalMeter()
    this.#firstMs = null
    this.#keyframe = { atMs: null, lastMs: null, longestMs: 0 }
    this.#everyKeyframeIdr = true
    this.#reorder = { highestPts: -Infinity, run: 0, longest: 0 }
  }

  audioConfig(config: AacConfig | null): void {
    this.#audio = config
  }

  see(packet: PacketFacts): void {
    this.#bitrate.see(packet.dtsMs, packet.sizeBytes)
    if (packet.kind === 'audio') {
      this.#audioSeen = true
      return
    }
    this.#firstMs ??= packet.dtsMs
    this.#lastMs = packet.dtsMs
    this.#intervals.see(packet.dtsMs)
    this.#countReordered(packet.ptsMs)
    if (packet.keyframe) this.#seeKeyframe(packet)
  }

  facts(): SourceFacts {
    const { atMs, lastMs, longestMs } = this.#keyframe
    const runningMs = atMs === null ? 0 : this.#lastMs - atMs
    const seenMs = this.#firstMs === null ? 0 : this.#lastMs - this.#firstMs
    return {
      video: this.#video,
      audio: this.#audio,
      audioSeen: this.#audioSeen,
      ...this.#intervals.measure(this.#video?.frameRate ?? null),
      keyframes: { lastMs, longestMs, runningMs },
      everyKeyframeIdr: this.#everyKeyframeIdr,
      bFrames: this.#reorder.longest,
      bitrateBps: this.#bitrate.bitsPerSecond(),
      settled: seenMs >= settledMs || (lastMs !== null && seenMs >= shortestMs),
    }
  }

  fit(settings: FitSettings): SourceFit {
    return fitSource(this.facts(), settings)
  }

  #seeKeyframe({ dtsMs, idr }: PacketFacts): void {
    const { atMs, longestMs } = this.#keyframe
    const lastMs = atMs === null ? null : dtsMs - atMs
    this.#keyframe = { atMs: dtsMs, lastMs, longestMs: Math.max(longestMs, lastMs ?? 0) }
    if (idr === false) this.#everyKeyframeIdr = false
  }

  /** A frame shown before one that was decoded earlier is a B-frame; a row of them ends with the next anchor. */
  #countReordered(ptsMs: number): void {
    const { highestPts, run, longest } = this.#reorder
    const next = ptsMs < highestPts ? run + 1 : 0
    this.#reorder = { highestPts: Math.max(highestPts, ptsMs), run: next, longest: Math.max(longest, next) }
  }
}
