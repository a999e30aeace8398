import { createHash, type Hash } from 'node:crypto'
import type { PartFacts } from '#archive/hls/journal-event.ts'

export interface SegmentSums {
  readonly sizeBytes: number
  readonly sha256: string
  readonly parts: readonly PartFacts[]
}

/** Adds up the parts of the segments in the making, so that a segment's checksum costs no second reading of its bytes. */
export class SegmentTally {
  readonly #open = new Map<string, { hash: Hash; sizeBytes: number; parts: PartFacts[] }>()

  /** `key` names the segment: span, rendition and number. */
  add(key: string, part: Omit<PartFacts, 'sizeBytes'>, bytes: Uint8Array): void {
    const sums = this.#open.get(key) ?? { hash: createHash('sha256'), sizeBytes: 0, parts: [] }
    this.#open.set(key, sums)
    sums.hash.update(bytes)
    sums.sizeBytes += bytes.length
    sums.parts.push({ durationTicks: part.durationTicks, sizeBytes: bytes.length, independent: part.independent })
  }

  /** Null when no part of the segment was ever added. */
  close(key: string): SegmentSums | null {
    const sums = this.#open.get(key)
    if (!sums) return null
    this.#open.delete(key)
    return { sizeBytes: sums.sizeBytes, sha256: sums.hash.digest('hex'), parts: sums.parts }
  }
}
