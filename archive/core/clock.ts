/**
 * Two readings of time. `wallMs` is UTC in milliseconds, taken from the monotonic clock plus an offset fixed at start,
 * so that a step of the system's clock never moves what is being recorded. `monotonicMs` only ever grows.
 */
export interface Clock {
  wallMs(): number
  monotonicMs(): number
}

/** How far the system's clock may wander from ours before `systemClock` adopts it (at the next call of `settle`). */
const settleThresholdMs = 100

export interface SystemClock extends Clock {
  /** Adopts the system's clock when it differs; call it only where no span is open. Returns the correction in ms. */
  settle(): number
}

export function systemClock(): SystemClock {
  let offsetMs = Date.now() - performance.now()
  return {
    wallMs: () => performance.now() + offsetMs,
    monotonicMs: () => performance.now(),
    settle: () => {
      const correctionMs = Date.now() - performance.now() - offsetMs
      if (Math.abs(correctionMs) < settleThresholdMs) return 0
      offsetMs += correctionMs
      return correctionMs
    },
  }
}
