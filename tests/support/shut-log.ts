import type { SentUnit } from './counter-feed.ts'

interface Stretch {
  /** When shutting was asked for and when it was confirmed; before the first opening both are minus infinity. */
  readonly pressedAtMs: number
  readonly confirmedAtMs: number
  /** The press that opened again; infinity until then. */
  readonly openedAtMs: number
}

/** What was shut when, as whoever pressed knows it. WallTime. */
export class ShutLog {
  #stretches: Stretch[] = [
    {
      pressedAtMs: Number.NEGATIVE_INFINITY,
      confirmedAtMs: Number.NEGATIVE_INFINITY,
      openedAtMs: Number.POSITIVE_INFINITY,
    },
  ]

  opened(pressedAtMs: number): void {
    const last = this.#stretches.at(-1)
    if (last) this.#stretches = [...this.#stretches.slice(0, -1), { ...last, openedAtMs: pressedAtMs }]
  }

  shut(pressedAtMs: number, confirmedAtMs: number): void {
    this.#stretches.push({ pressedAtMs, confirmedAtMs, openedAtMs: Number.POSITIVE_INFINITY })
  }

  /** It was on its way into the house after a shutting was confirmed, and was taken before the press that opened again. */
  forbids({ sentAtMs, takenAtMs }: SentUnit): boolean {
    return this.#stretches.some((one) => sentAtMs >= one.confirmedAtMs && takenAtMs < one.openedAtMs)
  }
}
