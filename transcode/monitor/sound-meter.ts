import { ChannelMeter, lufs } from './channel-meter.ts'

/** Samples a second: what the loudness filter is made for. */
export const meteredRate = 48_000

/** One second of sound. Silence is minus infinity. */
export interface SoundLevels {
  /** dB of full scale; one for mono, two for stereo. */
  readonly rmsDb: readonly number[]
  readonly loudnessLufs: number
  /** Of the samples of all channels. */
  readonly clippedShare: number
}

/** Turns interleaved little-endian 16-bit PCM at 48 kHz, in pieces of any size, into one measurement a second. */
export class SoundMeter {
  readonly #meters: readonly ChannelMeter[]
  readonly #squares: number[]
  #rest = Buffer.alloc(0)
  #weighted = 0
  #clipped = 0
  /** Samples of each channel so far in this second. */
  #filled = 0

  constructor(channels: 1 | 2) {
    this.#meters = Array.from({ length: channels }, () => new ChannelMeter())
    this.#squares = this.#meters.map(() => 0)
  }

  push(bytes: Uint8Array): SoundLevels[] {
    const joined = Buffer.concat([this.#rest, bytes])
    const step = this.#meters.length
    const frames = Math.floor(joined.length / (2 * step))
    this.#rest = joined.subarray(frames * 2 * step)
    // A view on 16-bit values needs an even address.
    const pcm = new Int16Array(new Uint8Array(joined.subarray(0, frames * 2 * step)).buffer)
    const seconds: SoundLevels[] = []
    for (let frame = 0; frame < frames; ) {
      const count = Math.min(frames - frame, meteredRate - this.#filled)
      this.#measure(pcm, frame, count)
      frame += count
      if (this.#filled === meteredRate) seconds.push(this.#takeSecond())
    }
    return seconds
  }

  #measure(pcm: Int16Array, frame: number, count: number): void {
    const step = this.#meters.length
    for (const [channel, meter] of this.#meters.entries()) {
      const sums = meter.measure(pcm, { from: frame * step + channel, to: (frame + count) * step, step })
      this.#squares[channel] = (this.#squares[channel] ?? 0) + sums.squares
      this.#weighted += sums.weighted
      this.#clipped += sums.clipped
    }
    this.#filled += count
  }

  #takeSecond(): SoundLevels {
    const levels = {
      rmsDb: this.#squares.map((sum) => (sum > 0 ? 10 * Math.log10(sum / meteredRate) : Number.NEGATIVE_INFINITY)),
      loudnessLufs: lufs(this.#weighted / meteredRate),
      clippedShare: this.#clipped / (meteredRate * this.#squares.length),
    }
    this.#squares.fill(0)
    this.#weighted = 0
    this.#clipped = 0
    this.#filled = 0
    return levels
  }
}
