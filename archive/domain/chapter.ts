import type { ItemId } from '../core/ids.ts'
import type { AgendaItem } from './agenda.ts'
import { type ItemMark, type Mark, standingMarks } from './mark.ts'
import { mediaTimeMap, type SpanFacts } from './media-time.ts'

/** A range of MediaTime in which an agenda item was treated. */
export interface Chapter {
  readonly itemId: ItemId
  readonly number: string
  readonly title: string
  readonly startMs: number
  /** Null while the item is being treated, or when the end of the recording is not known. */
  readonly endMs: number | null
  /** WallTime at which the treatment began. */
  readonly startedAtMs: number
}

export interface ChapterSources {
  readonly marks: readonly Mark[]
  readonly items: readonly AgendaItem[]
  readonly spans: readonly SpanFacts[]
  /** Whether more may be recorded: the last item then has no end. */
  readonly open: boolean
}

/**
 * The chapters that follow from the marks, in order of time. Marks of the same instant form a group: their items share
 * one range. An item taken up again has a chapter for each time. An item of which nothing was captured has none.
 */
export function chapters({ marks, items, spans, open }: ChapterSources): Chapter[] {
  const itemById = new Map(items.map((item) => [item.id, item]))
  const map = mediaTimeMap(spans)
  if (spans.length === 0) return []
  const known = standingMarks(marks).filter((mark) => itemById.has(mark.item))
  const groups = withoutRepeats(grouped(known))
  return groups.flatMap((group, index) => {
    const first = group[0]
    const startMs = first && map.mediaAt(first.atMs)
    if (!first || startMs === null || startMs === undefined) return []
    const next = groups[index + 1]?.[0]
    const endMs = next ? map.mediaAt(next.atMs) : open ? null : map.durationMs
    if (endMs !== null && endMs <= startMs) return []
    return group.flatMap((mark) => {
      const item = itemById.get(mark.item)
      return item
        ? [{ itemId: item.id, number: item.number, title: item.title, startMs, endMs, startedAtMs: first.atMs }]
        : []
    })
  })
}

/** Marks in order, those of one instant together and each item once. */
function grouped(marks: readonly ItemMark[]): ItemMark[][] {
  const groups: ItemMark[][] = []
  for (const mark of marks) {
    const group = groups.at(-1)
    if (group?.[0]?.atMs !== mark.atMs) groups.push([mark])
    else if (!group.some(({ item }) => item === mark.item)) group.push(mark)
  }
  return groups
}

// Pressing the item that is being treated already is not a new treatment.
function withoutRepeats(groups: readonly ItemMark[][]): ItemMark[][] {
  const key = (group: readonly ItemMark[] | undefined) =>
    group
      ?.map(({ item }) => item)
      .sort()
      .join(' ')
  const kept: ItemMark[][] = []
  for (const group of groups) if (key(group) !== key(kept.at(-1))) kept.push(group)
  return kept
}
