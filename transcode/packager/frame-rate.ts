import type { Fraction } from '../codec/avc-vui.ts'

const ntsc: readonly Fraction[] = [24, 30, 60].map((rate) => ({ num: rate * 1000, den: 1001 }))
const whole: readonly Fraction[] = Array.from({ length: 56 }, (_, index) => ({ num: index + 5, den: 1 }))
const commonRates: readonly Fraction[] = [...ntsc, ...whole, { num: 25, den: 2 }]

/** A measured rate this far (relative) from a common one is still taken for it: timestamps are rounded to a millisecond. */
const measuredTolerance = 0.004
/** What a stream claims is believed when the frames come at that rate. */
const claimTolerance = 0.01

/**
 * The exact rate behind a measured one: what the stream claims when the measure agrees with it, otherwise the nearest
 * common rate, or null when there is none near.
 */
export function snapFrameRate(measuredFps: number, claimed: Fraction | null): Fraction | null {
  if (claimed && distance(claimed, measuredFps) <= claimTolerance) return claimed
  const nearest = commonRates.reduce((best, rate) =>
    distance(rate, measuredFps) < distance(best, measuredFps) ? rate : best,
  )
  return distance(nearest, measuredFps) <= measuredTolerance ? nearest : null
}

function distance({ num, den }: Fraction, fps: number): number {
  return Math.abs(fps / (num / den) - 1)
}
