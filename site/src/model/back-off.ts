/** Delay before attempt number `attempt` (from 0), doubling from `firstMs` to `mostMs`, spread so that viewers do not return all at once. */
export function backOffMs(attempt: number, spread: number): number {
  const firstMs = 500
  const mostMs = 15_000
  const ceiling = Math.min(mostMs, firstMs * 2 ** Math.min(attempt, 10))
  return Math.round(ceiling * (0.5 + spread / 2))
}
