import type { ItemId, MarkId } from '../core/ids.ts'

/** An append-only statement. Times are WallTime; `atMs` is when it happened, `pressedAtMs` when somebody said so. */
export type Mark = ItemMark | UndoMark

interface MarkFacts {
  readonly id: MarkId
  readonly atMs: number
  readonly pressedAtMs: number
}

/** The item's treatment began at `atMs`. */
export interface ItemMark extends MarkFacts {
  readonly kind: 'item'
  readonly item: ItemId
}

/** The mark named `undoes` was wrong. */
export interface UndoMark extends MarkFacts {
  readonly kind: 'undo'
  readonly undoes: MarkId
}

/** The item marks that stand, in the order in which things happened. */
export function standingMarks(marks: readonly Mark[]): ItemMark[] {
  const undone = new Set(marks.map((mark) => (mark.kind === 'undo' ? mark.undoes : null)))
  return marks
    .filter((mark) => mark.kind === 'item')
    .filter((mark) => !undone.has(mark.id))
    .sort((a, b) => a.atMs - b.atMs || a.pressedAtMs - b.pressedAtMs)
}

/** The item being treated: that of the latest standing mark. */
export function currentItem(marks: readonly Mark[]): ItemId | null {
  return standingMarks(marks).at(-1)?.item ?? null
}
