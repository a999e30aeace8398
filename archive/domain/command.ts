import type { CommandId, ItemId, MarkId, MeetingId, RecordingId } from '../core/ids.ts'

/**
 * Something a person (or, for `wait` and `pause`, the live process) asks of a meeting. The same command goes to *live* and to
 * the catalogue, which apply it independently; `id` makes the second application do nothing. Times are WallTime.
 */
export interface Command {
  readonly id: CommandId
  readonly meeting: MeetingId
  readonly atMs: number
  /** Who asked: an account, `cli`, or `live`. */
  readonly by: string
  readonly action: MeetingAction
}

export type MeetingAction =
  /** An encoder is connected in the room of a planned meeting. */
  | { readonly kind: 'wait' }
  /** `recording` is used when the meeting has none. */
  | { readonly kind: 'start'; readonly recording: RecordingId }
  | { readonly kind: 'pause'; readonly resumesAtMs: number | null }
  | { readonly kind: 'closed' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'end' }
  | { readonly kind: 'publish' }
  | { readonly kind: 'unpublish' }
  | { readonly kind: 'reopen' }
  /** live → waiting: what was captured is deleted. */
  | { readonly kind: 'started-by-mistake' }
  | { readonly kind: 'adjourn'; readonly toLocal: string }
  | { readonly kind: 'cancel' }
  /** `atMs` of the mark may lie before the press (`--ago`). */
  | { readonly kind: 'item'; readonly mark: MarkId; readonly item: ItemId; readonly markedAtMs: number }
  | { readonly kind: 'undo'; readonly mark: MarkId }
