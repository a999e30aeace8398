import type { ErrorCode } from '#archive/core/error-codes.ts'
import { type AvcConfig, parseAvcConfig } from '../codec/avc-config.ts'
import { writeInit } from '../mp4/init-section.ts'
import type { Follower } from './follower.ts'
import type { TrackOptions } from './rendition-track.ts'
import type { EncodedRendition } from './span-options.ts'
import type { SpanPlan } from './span-plan.ts'

export interface EncodedTrackOptions {
  readonly rendition: EncodedRendition
  /** Null for the master. */
  readonly follower: Follower | null
  readonly track: TrackOptions
  readonly plan: SpanPlan
  readonly report: (code: ErrorCode, detail: string) => void
}

/** What an encoder made of one frame; `ptsMs` is the time that the frame had in the feed, never reordered. */
export interface EncodedFrame {
  readonly ptsMs: number
  readonly keyframe: boolean
  readonly data: Uint8Array
}

/** As many as a follower holds: one encoder's outputs do not come evenly. */
const longestQueue = 2000

/** One encoded rendition: its init section, checked against what was announced, and its frames on the master's times. */
export class EncodedTrack {
  readonly #options: EncodedTrackOptions
  #init: Uint8Array | null = null
  #emitted = false
  #usable = false
  #zeroMs: number | null = null
  #queue: EncodedFrame[] = []

  constructor(options: EncodedTrackOptions) {
    this.#options = options
  }

  get follower(): Follower | null {
    return this.#options.follower
  }

  /** A configuration is here and may be published. */
  get usable(): boolean {
    return this.#usable
  }

  /**
   * A rendition that is not what the playlists announce is left out, but for the master, without which there is nothing.
   * A name is never reused with other bytes: a restarted encoder that makes another init section is left out as well.
   */
  configure(avcC: Uint8Array): void {
    const { rendition, report, track } = this.#options
    const parsed = parseAvcConfig(avcC)
    const problem = parsed.ok ? mismatch(parsed.value, rendition) : parsed.message
    const init = parsed.ok
      ? writeInit({ ...parsed.value, kind: 'video', timescale: track.timescale, avcC })
      : (this.#init ?? new Uint8Array())
    const changed = this.#init !== null && Buffer.compare(this.#init, init) !== 0
    this.#usable = parsed.ok && !changed && (problem === null || this.follower === null)
    if (changed) report('RENDITION_MISMATCH', `${rendition.name}: its parameters changed within the span`)
    else if (problem !== null) report('RENDITION_MISMATCH', `${rendition.name}: ${problem}`)
    if (!this.#usable) {
      this.follower?.drop()
      return
    }
    this.#init = init
    this.follower?.revive()
    this.#emitInit()
  }

  start(zeroMs: number): void {
    this.#zeroMs = zeroMs
    this.#emitInit()
  }

  push(frame: EncodedFrame): void {
    if (this.#queue.length < longestQueue) this.#queue.push(frame)
    this.drain()
  }

  /** Hands on the frames that the master has reached, and lets the follower take what can be placed. */
  drain(): void {
    const { plan, follower } = this.#options
    if (this.#zeroMs === null || !follower) return
    let taken = 0
    for (const { ptsMs, keyframe, data } of this.#queue) {
      if (!plan.ended && ptsMs > plan.latestFeedMs) break
      const ticks = plan.recall(ptsMs) ?? Math.round(((ptsMs - this.#zeroMs) * plan.timescale) / 1000)
      follower.push({ ticks, keyframe, compositionOffset: 0, data })
      taken += 1
    }
    if (taken > 0) this.#queue.splice(0, taken)
    follower.drain()
  }

  finish(): void {
    this.drain()
    this.follower?.finish()
  }

  #emitInit(): void {
    if (this.#init === null || this.#zeroMs === null || this.#emitted) return
    this.#emitted = true
    const { span, rendition, emit } = this.#options.track
    emit({ type: 'init', span, rendition, bytes: this.#init })
  }
}

/** A lower level than announced asks less of a player and is no problem; constraint flags differ between builds. */
function mismatch({ width, height, codecs, profile, level }: AvcConfig, announced: EncodedRendition): string | null {
  if (width !== announced.width || height !== announced.height) {
    return `it is ${width} by ${height}, announced as ${announced.width} by ${announced.height}`
  }
  const announcedProfile = Number.parseInt(announced.codecs.slice(5, 7), 16)
  const announcedLevel = Number.parseInt(announced.codecs.slice(9, 11), 16)
  return profile === announcedProfile && level <= announcedLevel
    ? null
    : `it is ${codecs}, announced as ${announced.codecs}`
}
