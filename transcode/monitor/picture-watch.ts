import type { StreamFinding } from '#archive/domain/stream-fault.ts'
import { Lasting } from './lasting.ts'
import { thresholds } from './thresholds.ts'

/** Pictures are looked at as a grid of mean luma values. */
export const grid = { width: 160, height: 90 } as const

/** Finds black and frozen pictures in keyframes; pure but for what it has seen. */
export class PictureWatch {
  readonly #black = new Lasting()
  readonly #still = new Lasting()
  /** The picture in which nothing has changed since; a slow change of light adds up against it. */
  #reference: Uint8Array | null = null
  #lastMs = 0

  /** `luma`: `grid.width * grid.height` values in limited range; the watch keeps it. `atMs` is WallTime of its capture. */
  see(luma: Uint8Array, atMs: number): void {
    this.#lastMs = atMs
    this.#black.note(blackShare(luma) >= thresholds.blackShare, atMs)
    const isStill = this.#reference !== null && changedCells(this.#reference, luma) < thresholds.changedCells
    if (isStill) return
    this.#reference = luma
    this.#still.note(false, atMs)
    this.#still.note(true, atMs)
  }

  findings(): StreamFinding[] {
    const blackSinceMs = this.#black.for(thresholds.blackMs, this.#lastMs)
    if (blackSinceMs !== null) return [{ code: 'PICTURE_BLACK', sinceMs: blackSinceMs, detail: 'the picture is black' }]
    // A black picture stands still too: one fault, one alarm.
    const stillSinceMs = this.#black.sinceMs === null ? this.#still.for(thresholds.frozenMs, this.#lastMs) : null
    if (stillSinceMs === null) return []
    return [{ code: 'PICTURE_FROZEN', sinceMs: stillSinceMs, detail: 'nothing changes in the picture' }]
  }
}

function blackShare(luma: Uint8Array): number {
  let black = 0
  for (const value of luma) if (value <= thresholds.blackLuma) black += 1
  return luma.length === 0 ? 0 : black / luma.length
}

export function changedCells(before: Uint8Array, after: Uint8Array): number {
  let changed = 0
  for (let cell = 0; cell < after.length; cell += 1) {
    if (Math.abs((after[cell] ?? 0) - (before[cell] ?? 0)) >= thresholds.changedLuma) changed += 1
  }
  return changed
}
