import type { StreamFinding } from '#archive/domain/stream-fault.ts'
import { Lasting } from './lasting.ts'
import type { SoundLevels } from './sound-meter.ts'
import { thresholds } from './thresholds.ts'

const secondMs = 1_000

/** Finds faults in measured seconds of sound; pure but for what it has heard. */
export class SoundJudge {
  readonly #silent = new Lasting()
  readonly #quiet = new Lasting()
  readonly #oneSided = new Lasting()
  #side: 'left' | 'right' | null = null
  #oneSidedSeconds = 0
  /** WallTimes of the clipped seconds among the last ones. */
  #clipped: number[] = []
  #clippedSinceMs: number | null = null
  #untilMs = 0
  #last: SoundLevels | null = null

  /** The measurement of the second that began at `atMs` (WallTime). */
  hear(levels: SoundLevels, atMs: number): void {
    this.#last = levels
    this.#untilMs = atMs + secondMs
    const loudest = Math.max(...levels.rmsDb)
    const isSilent = loudest < thresholds.silentDb
    this.#silent.note(isSilent, atMs)
    this.#quiet.note(!isSilent && levels.loudnessLufs < thresholds.quietLufs, atMs)
    this.#weighSides(levels, atMs)
    this.#countClipped(levels, atMs)
  }

  /** The latest measurement, null before the first. */
  get levels(): SoundLevels | null {
    return this.#last
  }

  findings(): StreamFinding[] {
    const found: StreamFinding[] = []
    const add = (code: StreamFinding['code'], sinceMs: number | null, detail: string) => {
      if (sinceMs !== null) found.push({ code, sinceMs, detail })
    }
    add('SOUND_SILENT', this.#silent.for(thresholds.silentMs, this.#untilMs), `below ${thresholds.silentDb} dB`)
    add(
      'SOUND_TOO_QUIET',
      this.#quiet.for(thresholds.quietMs, this.#untilMs),
      `never above ${thresholds.quietLufs} LUFS`,
    )
    const isOneSided = this.#oneSidedSeconds >= thresholds.oneSidedSeconds
    add('SOUND_ONE_SIDED', isOneSided ? this.#oneSided.sinceMs : null, `only the ${this.#side} channel is heard`)
    add('SOUND_CLIPPED', this.#clippedSinceMs, 'the loud passages are cut off')
    return found
  }

  #weighSides({ rmsDb }: SoundLevels, atMs: number): void {
    const [left, right] = rmsDb
    if (left === undefined || right === undefined || Math.max(left, right) < thresholds.audibleDb) return
    const isOneSided = Math.max(left, right) - Math.min(left, right) >= thresholds.oneSidedDb
    const side = !isOneSided ? null : left > right ? 'left' : 'right'
    if (side !== this.#side) {
      this.#oneSided.note(false, atMs)
      this.#oneSidedSeconds = 0
    }
    this.#side = side
    this.#oneSided.note(isOneSided, atMs)
    if (isOneSided) this.#oneSidedSeconds += 1
  }

  #countClipped({ clippedShare }: SoundLevels, atMs: number): void {
    if (clippedShare >= thresholds.clippedShare) this.#clipped.push(atMs)
    const from = atMs + secondMs - thresholds.clippedOfSeconds * secondMs
    this.#clipped = this.#clipped.filter((second) => second >= from)
    if (this.#clipped.length >= thresholds.clippedSeconds) this.#clippedSinceMs ??= this.#clipped[0] ?? atMs
    if (this.#clipped.length < thresholds.unclippedSeconds) this.#clippedSinceMs = null
  }
}
