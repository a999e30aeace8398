import type { Session } from './session.ts'

/** How often a rule could be observed, and what broke it. */
export interface Finding {
  readonly seen: number
  readonly violations: readonly string[]
}

export interface Check {
  readonly id: string
  /** Section of draft-pantos-hls-rfc8216bis, or the document that has the rule. */
  readonly clause: string
  readonly rule: string
  readonly judge: (session: Session) => Finding
}

export type Verdict = 'passed' | 'failed' | 'not seen'

export interface Judgement {
  readonly id: string
  readonly clause: string
  readonly rule: string
  readonly verdict: Verdict
  readonly seen: number
  readonly violations: readonly string[]
}

/** Violations of one rule beyond this many repeat the first ones. */
const mostViolations = 20

export function judge(check: Check, session: Session): Judgement {
  const { seen, violations } = check.judge(session)
  const verdict = violations.length > 0 ? 'failed' : seen > 0 ? 'passed' : 'not seen'
  const { id, clause, rule } = check
  return { id, clause, rule, verdict, seen, violations: violations.slice(0, mostViolations) }
}

/** Judges each observation by itself: `problem` answers null, or what is wrong with it. */
export function each<T>(observations: readonly T[], problem: (observation: T) => string | null): Finding {
  const violations = observations.map(problem).filter((found) => found !== null)
  return { seen: observations.length, violations: [...new Set(violations)] }
}

/**
 * What measuring over a network and a busy machine may add to a time, in milliseconds: less than one part, more than a
 * slow turn of an event loop.
 */
export const toleranceMs = 300

/** The end of an address, which is what a reader needs to find it. */
export function short(url: string): string {
  return url.split('/').slice(-2).join('/')
}
