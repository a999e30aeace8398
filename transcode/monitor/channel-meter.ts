import { thresholds } from './thresholds.ts'

const fullScale = 32_768
const clipped = thresholds.clippedLevel * fullScale

export interface ChannelSums {
  readonly squares: number
  /** K-weighted. */
  readonly weighted: number
  /** Samples at full scale. */
  readonly clipped: number
}

/**
 * One channel at 48 kHz through the K-weighting of ITU-R BS.1770-4: the head's shelf (table 1), then the high-pass
 * (table 2), as transposed direct form II with its state kept between calls.
 */
export class ChannelMeter {
  #h1 = 0
  #h2 = 0
  #p1 = 0
  #p2 = 0

  /** Adds up the samples of this channel: every `step`-th from `from` on, below `to`. */
  measure(pcm: Int16Array, { from, to, step }: { from: number; to: number; step: number }): ChannelSums {
    let [h1, h2, p1, p2] = [this.#h1, this.#h2, this.#p1, this.#p2]
    let squares = 0
    let weighted = 0
    let atCeiling = 0
    for (let at = from; at < to; at += step) {
      const level = pcm[at] ?? 0
      if (level >= clipped || level <= -clipped) atCeiling += 1
      const sample = level / fullScale
      squares += sample * sample
      const shelved = 1.53512485958697 * sample + h1
      h1 = -2.69169618940638 * sample + 1.69065929318241 * shelved + h2
      h2 = 1.19839281085285 * sample - 0.73248077421585 * shelved
      const passed = shelved + p1
      p1 = -2 * shelved + 1.99004745483398 * passed + p2
      p2 = shelved - 0.99007225036621 * passed
      weighted += passed * passed
    }
    this.#h1 = settled(h1)
    this.#h2 = settled(h2)
    this.#p1 = settled(p1)
    this.#p2 = settled(p2)
    return { squares, weighted, clipped: atCeiling }
  }
}

/** Digital silence lets the state decay into denormal numbers, which cost processors a hundred times as much. */
function settled(state: number): number {
  return Math.abs(state) < 1e-20 ? 0 : state
}

/** Loudness of the summed mean squares of all channels, in LUFS (ITU-R BS.1770-4, equation 2). */
export function lufs(meanSquares: number): number {
  return meanSquares > 0 ? -0.691 + 10 * Math.log10(meanSquares) : Number.NEGATIVE_INFINITY
}
