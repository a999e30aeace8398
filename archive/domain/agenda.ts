import { type Outcome, refuse } from '../core/errors.ts'
import type { ItemId } from '../core/ids.ts'

/** One line of an agenda as somebody wrote it. `number` such as `3.1`, or null where the next free one will do. */
export interface AgendaEntry {
  readonly number: string | null
  readonly title: string
  readonly public: boolean
}

export interface AgendaItem {
  readonly id: ItemId
  /** As printed on the agenda, unique within the meeting: `7`, `3.1`, `3a`. */
  readonly number: string
  readonly title: string
  /** 0 for a main item; one more for each dot in the number. */
  readonly depth: number
  /** Whether it was planned to be treated in public. */
  readonly public: boolean
}

export type NumberedEntry = Omit<AgendaItem, 'id'>

const numberPattern = /^[\p{L}\p{N}]+(\.[\p{L}\p{N}]+)*$/u
export const longestItemTitle = 1_000
export const mostItems = 2_000

/**
 * Gives every entry a number, in order. A missing number is one more than the last main item's.
 * Refuses with AGENDA_INVALID a number that is malformed or appears twice, an empty title, and too much of either.
 */
export function numberedAgenda(entries: readonly AgendaEntry[]): Outcome<NumberedEntry[]> {
  if (entries.length > mostItems) {
    return refuse('AGENDA_INVALID', {
      message: `An agenda has at most ${mostItems} items; this one has ${entries.length}.`,
    })
  }
  const items: NumberedEntry[] = []
  const taken = new Set(entries.map(({ number }) => number && plainNumber(number)))
  const seen = new Set<string>()
  let main = 0
  for (const [index, entry] of entries.entries()) {
    const title = entry.title.replace(/\s+/g, ' ').trim()
    const number = entry.number ? plainNumber(entry.number) : nextFree()
    const problem = problemOf(number, title, seen)
    if (problem) return refuse('AGENDA_INVALID', { message: `Agenda item ${index + 1}: ${problem}.` })
    seen.add(number)
    const whole = Number.parseInt(number, 10)
    if (Number.isSafeInteger(whole)) main = Math.max(main, whole)
    items.push({ number, title, depth: number.split('.').length - 1, public: entry.public })
  }
  return { ok: true, value: items }

  function nextFree(): string {
    do main += 1
    while (taken.has(String(main)))
    return String(main)
  }
}

function problemOf(number: string, title: string, seen: ReadonlySet<string>): string | null {
  if (!numberPattern.test(number) || number.length > 20) return `"${number}" is not a number such as 7, 3.1 or 3a`
  if (seen.has(number)) return `the number ${number} appears twice`
  if (title === '') return `number ${number} has no title`
  return title.length > longestItemTitle ? `its title is longer than ${longestItemTitle} characters` : null
}

/** `7.` and ` 7 ` mean 7. */
export function plainNumber(text: string): string {
  return text.trim().replace(/[.)]+$/, '')
}
