interface Seat {
  readonly x: number
  readonly y: number
  readonly r: number
  /** 1 is the row nearest to the chair. */
  readonly tone: 1 | 2 | 3
}

const rows = [
  { tone: 1, radius: 20, seats: 5, r: 4.1 },
  { tone: 2, radius: 31.5, seats: 8, r: 4.5 },
  { tone: 3, radius: 43.5, seats: 11, r: 4.9 },
] as const

/** A council chamber from above, in a box of 100 by 60: three half circles of seats around the chair. */
export const emblemSeats: readonly Seat[] = rows.flatMap(({ tone, radius, seats, r }) =>
  Array.from({ length: seats }, (_, index) => {
    const angle = Math.PI * (1 - index / (seats - 1))
    return { x: round(50 + radius * Math.cos(angle)), y: round(53 - radius * Math.sin(angle)), r, tone }
  }),
)

function round(value: number): number {
  return Math.round(value * 100) / 100
}
