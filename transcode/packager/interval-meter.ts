import type { Fraction } from '../codec/avc-vui.ts'
import { snapFrameRate } from './frame-rate.ts'

const windowFrames = 600
const toleranceMs = 5
const longestStepMs = 420
/** A hiccup of the encoder once in a few seconds does not make its rate a variable one. */
const irregularShare = 0.02
const fewestIntervals = 8

export interface IntervalFacts {
  /** Snapped to what the encoder means by it; null while unknown or when it is no common rate. */
  readonly frameRate: Fraction | null
  /** As counted, whatever it means; null while unknown. */
  readonly measuredFps: number | null
  /** Frames come at whole multiples of one interval, within 5 ms; a frame left out does not count against it. */
  readonly constant: boolean
}

const unknown: IntervalFacts = { frameRate: null, measuredFps: null, constant: false }

/** Measures the distance between frames over the last 600 decode times. */
export class IntervalMeter {
  #times: number[] = []

  see(dtsMs: number): void {
    this.#times.push(dtsMs)
    if (this.#times.length > windowFrames) this.#times.shift()
  }

  measure(claimed: Fraction | null): IntervalFacts {
    const steps = this.#times.slice(1).map((time, index) => time - (this.#times[index] ?? time))
    if (steps.length < fewestIntervals) return unknown
    const typical = [...steps].sort((a, b) => a - b)[steps.length >> 1] ?? 0
    if (typical <= 0) return unknown
    const intervals = steps.reduce((sum, step) => sum + Math.max(0, Math.round(step / typical)), 0)
    const meanMs = steps.reduce((sum, step) => sum + step, 0) / intervals
    const irregular = steps.filter((step) => isIrregular(step, meanMs)).length
    const constant = irregular <= steps.length * irregularShare && steps.every((step) => step <= longestStepMs)
    const measuredFps = (1000 * steps.length) / (meanMs * intervals)
    return { frameRate: constant ? snapFrameRate(1000 / meanMs, claimed) : null, measuredFps, constant }
  }
}

function isIrregular(step: number, meanMs: number): boolean {
  const whole = Math.max(1, Math.round(step / meanMs))
  return Math.abs(step - whole * meanMs) > toleranceMs
}
