import type { ErrorCode } from '#archive/core/error-codes.ts'
import type { AvcConfig } from '../codec/avc-config.ts'
import type { Fraction } from '../codec/avc-vui.ts'
import type { Capacity } from '../ladder/capacity.ts'
import { chooseLadder, type LadderSetting } from '../ladder/choice.ts'
import type { EncoderPlan } from '../ladder/encoder-arguments.ts'

export interface Misfit {
  readonly code: ErrorCode
  readonly detail: string
}

/** What was learned by looking at a feed for a while. */
export interface FeedProfile {
  /** The exact rate that its frames keep to, or null when they keep to none. */
  readonly frameRate: Fraction | null
  /** As measured; null when it cannot be told. */
  readonly framesPerSecond: number | null
  readonly longestGopMs: number
  /** Why it cannot be the top rendition as it is; empty when it can. */
  readonly unfit: readonly Misfit[]
}

export interface LadderCircumstances {
  readonly setting: LadderSetting
  readonly capacity: Capacity | null
  /** Steps cheaper than it could be. */
  readonly steps: number
  /** No encoder may be started. */
  readonly resting: boolean
}

export interface Decision {
  readonly mode: 'source' | 'encoded'
  /** Of the master. */
  readonly frameRate: Fraction | null
  /** Null when nothing is encoded. */
  readonly plan: EncoderPlan | null
}

const keyframeEveryMs = 2_000
const assumedFramesPerSecond = 30
const constantRates = [24, 25, 30, 50, 60] as const

/** How a span of this feed is made; null when nothing can be published at the moment. */
export function decide(config: AvcConfig, profile: FeedProfile, now: LadderCircumstances): Decision | null {
  const mode = profile.unfit.length === 0 ? 'source' : 'encoded'
  if (now.resting && mode === 'encoded') return null
  const constantRate = mode === 'encoded' && profile.frameRate === null ? constantRateFor(profile) : null
  const frameRate = constantRate ?? profile.frameRate
  const framesPerSecond = frameRate ? frameRate.num / frameRate.den : assumedFramesPerSecond
  const renditions = now.resting
    ? []
    : chooseLadder({
        picture: config,
        framesPerSecond,
        top: mode,
        setting: now.setting,
        capacity: now.capacity,
        steps: now.steps,
      })
  const plan: EncoderPlan = {
    renditions,
    keyframes: mode === 'source' ? 'source' : keyframeEveryMs,
    deinterlace: !config.progressive,
    constantRate,
  }
  return { mode, frameRate, plan: renditions.length > 0 ? plan : null }
}

/** The common rate nearest to the average of a varying one. */
function constantRateFor({ framesPerSecond }: FeedProfile): Fraction {
  const measured = framesPerSecond ?? assumedFramesPerSecond
  const distance = (rate: number) => Math.abs(rate - measured)
  const nearest = constantRates.reduce((best, rate) => (distance(rate) < distance(best) ? rate : best))
  return { num: nearest, den: 1 }
}
