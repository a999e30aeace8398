import type { Size } from './geometry.ts'

interface Level {
  /** level_idc: ten times the level. */
  readonly idc: number
  readonly macroblocksPerSecond: number
  readonly macroblocksPerFrame: number
}

/** ITU-T H.264 table A-1; nothing below 3.0 is worth naming. */
const levels: readonly Level[] = [
  { idc: 30, macroblocksPerSecond: 40_500, macroblocksPerFrame: 1_620 },
  { idc: 31, macroblocksPerSecond: 108_000, macroblocksPerFrame: 3_600 },
  { idc: 32, macroblocksPerSecond: 216_000, macroblocksPerFrame: 5_120 },
  { idc: 40, macroblocksPerSecond: 245_760, macroblocksPerFrame: 8_192 },
  { idc: 42, macroblocksPerSecond: 522_240, macroblocksPerFrame: 8_704 },
  { idc: 51, macroblocksPerSecond: 983_040, macroblocksPerFrame: 36_864 },
]

/** The lowest level_idc that carries this size at this rate. */
export function levelFor({ width, height }: Size, framesPerSecond: number): number {
  const perFrame = Math.ceil(width / 16) * Math.ceil(height / 16)
  const fits = levels.find(
    (level) => perFrame <= level.macroblocksPerFrame && perFrame * framesPerSecond <= level.macroblocksPerSecond,
  )
  return fits?.idc ?? 52
}

/** RFC 6381 name of what x264 writes: main sets constraint_set1 (ITU-T H.264 A.2.2), high no constraint. */
export function codecsOf(profile: 'main' | 'high', levelIdc: number): string {
  return `avc1.${profile === 'main' ? '4d40' : '6400'}${levelIdc.toString(16).padStart(2, '0')}`
}
