import type { AudioFrame, VideoFrame } from '#archive/hls/feed.ts'
import { spanLimits } from '../packager/span-options.ts'

/**
 * A step of the video's clock larger than this, or any backward one, ends a span. The design says half a second; a
 * single frame must also fit a part.
 */
const largestStepMs = spanLimits.longestPartMs
/** Sound further than this from the picture belongs to another timeline. */
const largestSkewMs = 3_000

/**
 * Watches the feed's clock. Video tells whether it jumped; sound that goes backward or stands far from the picture is
 * dropped, since a jump reaches the two at different moments.
 */
export class Continuity {
  #videoMs: number | null = null
  #audioMs: number | null = null

  video({ dtsMs }: VideoFrame): 'goes on' | 'jumped' {
    const last = this.#videoMs
    this.#videoMs = dtsMs
    if (last === null || (dtsMs >= last && dtsMs - last <= largestStepMs)) return 'goes on'
    this.#audioMs = null
    return 'jumped'
  }

  /** Whether this frame of sound can be used. */
  audio({ ptsMs }: AudioFrame): boolean {
    if (this.#audioMs !== null && ptsMs <= this.#audioMs) return false
    if (this.#videoMs !== null && Math.abs(ptsMs - this.#videoMs) > largestSkewMs) return false
    this.#audioMs = ptsMs
    return true
  }

  /** What comes next may come from anywhere: another connection, or after a gap of the gate. */
  reset(): void {
    this.#videoMs = null
    this.#audioMs = null
  }
}
