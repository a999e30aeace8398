import type { Judgement } from './check.ts'

const shown = 3
const marks = { passed: 'passed', failed: 'FAILED', 'not seen': 'not seen' } as const

/** One line for each check, under a failed one what broke it. */
export function table(judgements: readonly Judgement[]): string {
  const width = Math.max(...judgements.map(({ id }) => id.length))
  const lines = judgements.flatMap(({ id, clause, rule, verdict, seen, violations }) => [
    `${marks[verdict].padEnd(8)}  ${id.padEnd(width)}  ${String(seen).padStart(5)}×  ${rule} (${clause})`,
    ...violations.slice(0, shown).map((violation) => `            ${violation}`),
    ...(violations.length > shown ? [`            … and ${violations.length - shown} more`] : []),
  ])
  const count = (verdict: Judgement['verdict']) => judgements.filter((one) => one.verdict === verdict).length
  return `${lines.join('\n')}\n${count('passed')} passed, ${count('failed')} failed, ${count('not seen')} not seen\n`
}
