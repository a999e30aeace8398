import type { StreamFinding } from '#archive/domain/stream-fault.ts'
import { thresholds } from './thresholds.ts'

/** Media times of the first sample of one segment in both renditions, and WallTime of its capture. */
export interface SegmentStarts {
  readonly videoMs: number
  readonly audioMs: number
  readonly atMs: number
}

/** Finds sound and picture that have come apart: segments of one number that do not begin together. */
export class SkewWatch {
  #apart = 0
  #sinceMs: number | null = null
  #skewMs = 0

  /** Positive when the sound comes late. */
  get skewMs(): number {
    return this.#skewMs
  }

  compare({ videoMs, audioMs, atMs }: SegmentStarts): void {
    this.#skewMs = audioMs - videoMs
    if (Math.abs(this.#skewMs) < thresholds.apartMs) {
      this.#apart = 0
      this.#sinceMs = null
      return
    }
    this.#apart += 1
    this.#sinceMs ??= atMs
  }

  findings(): StreamFinding[] {
    if (this.#sinceMs === null || this.#apart < thresholds.apartSegments) return []
    const order = this.#skewMs > 0 ? 'after' : 'before'
    const detail = `the sound comes ${Math.round(Math.abs(this.#skewMs))} ms ${order} the picture`
    return [{ code: 'SOUND_PICTURE_APART', sinceMs: this.#sinceMs, detail }]
  }
}
