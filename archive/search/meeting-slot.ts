/**
 * Rows of the index are numbered so that their order is that of the meetings: minutes since 1970, then 1,024 meetings a minute, then
 * 131,072 rows a meeting; within 2^53 until the year 2097.
 */
export const rowsPerMeeting = 2 ** 17
const meetingsPerMinute = 2 ** 10

export interface SlotRange {
  readonly first: number
  readonly end: number
}

/** The numbers that meetings planned for that minute may take, `rowsPerMeeting` apart. */
export function slotRange(plannedAtMs: number): SlotRange {
  const minute = Math.max(0, Math.floor(plannedAtMs / 60_000))
  const first = minute * meetingsPerMinute * rowsPerMeeting
  return { first, end: first + meetingsPerMinute * rowsPerMeeting }
}

/** The first number free in `range`, `taken` being those in use. @throws RangeError when a minute is full. */
export function freeSlot(range: SlotRange, taken: ReadonlySet<number>): number {
  for (let slot = range.first; slot < range.end; slot += rowsPerMeeting) if (!taken.has(slot)) return slot
  throw new RangeError('more than 1,024 meetings are planned for the same minute')
}
