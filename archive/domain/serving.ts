import { type Refusal, refuse } from '../core/errors.ts'
import type { MeetingId } from '../core/ids.ts'
import type { MeetingAction } from './command.ts'
import type { MeetingState } from './meeting-state.ts'

/** What decides which meeting of a room a feed serves. */
export interface RoomMeeting {
  readonly id: MeetingId
  readonly slug: string
  readonly state: MeetingState
  readonly plannedStartMs: number
}

const hourMs = 3_600_000
/** An encoder is switched on well before the meeting. */
const earliestMs = 2 * hourMs
/** A meeting that nobody started is forgotten half a day later, so that it never catches another day's feed. */
const latestMs = 12 * hourMs
/** Who sets a meeting to start by itself expects its encoder about then; a much later feed is somebody else's test. */
const latestByItselfMs = 2 * hourMs

/** Started and not ended: its room is taken. */
export function isOpen(state: MeetingState): state is 'live' | 'paused' | 'closed' {
  return state === 'live' || state === 'paused' || state === 'closed'
}

/**
 * The meeting of one room that its feed serves: the open one, otherwise the waiting one, otherwise the one planned to
 * start within two hours or still due; the nearest where there are several.
 */
export function servingMeeting<M extends RoomMeeting>(meetings: readonly M[], nowMs: number): M | null {
  const distanceMs = (meeting: M) => Math.abs(meeting.plannedStartMs - nowMs)
  const nearest = (candidates: readonly M[]) => candidates.toSorted((a, b) => distanceMs(a) - distanceMs(b))[0]
  const due = meetings.filter(({ plannedStartMs }) => nowMs <= plannedStartMs + latestMs)
  return (
    nearest(meetings.filter(({ state }) => isOpen(state))) ??
    nearest(due.filter(({ state }) => state === 'waiting')) ??
    nearest(due.filter(({ state, plannedStartMs }) => state === 'scheduled' && nowMs >= plannedStartMs - earliestMs)) ??
    null
  )
}

/** Whether a meeting that may start by itself does so on a feed that arrives at `nowMs`. */
export function startsByItself({ plannedStartMs }: Pick<RoomMeeting, 'plannedStartMs'>, nowMs: number): boolean {
  return nowMs >= plannedStartMs && nowMs <= plannedStartMs + latestByItselfMs
}

/** Why `action` on `meeting` must wait for another meeting of its room, or null. ROOM_BUSY. */
export function roomRefusal(
  meeting: Pick<RoomMeeting, 'id'>,
  action: MeetingAction['kind'],
  others: readonly RoomMeeting[],
): Refusal | null {
  if (action !== 'start' && action !== 'reopen') return null
  const open = others.find(({ id, state }) => id !== meeting.id && isOpen(state))
  if (!open) return null
  return refuse('ROOM_BUSY', {
    message: `The meeting ${open.slug} is ${open.state} in this room.`,
    hint: `End it first: hemicycle meeting end ${open.slug}`,
  })
}
