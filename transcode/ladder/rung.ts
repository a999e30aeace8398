import type { RenditionName } from '#archive/hls/packaging.ts'

/** A rendition that is encoded, named by the bound of its shorter side. */
export type RungName = Exclude<RenditionName, 'source' | 'audio'>

export interface Rung {
  readonly name: RungName
  /** The shorter side is at most this. */
  readonly shortSide: number
  /** Of a 16:9 picture at 30 frames a second or fewer. */
  readonly bitrateBps: number
  readonly profile: 'main' | 'high'
}

/**
 * From the top down. Bitrates are for talking heads at veryfast; main below 720p, because that is where old phones and
 * set-top boxes are, and what the 8x8 transform of high would save there is little.
 */
export const rungs = [
  { name: '1080p', shortSide: 1080, bitrateBps: 4_500_000, profile: 'high' },
  { name: '720p', shortSide: 720, bitrateBps: 2_500_000, profile: 'high' },
  { name: '480p', shortSide: 480, bitrateBps: 1_200_000, profile: 'main' },
  { name: '360p', shortSide: 360, bitrateBps: 700_000, profile: 'main' },
] as const satisfies readonly Rung[]
