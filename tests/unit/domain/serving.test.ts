import { expect, test } from 'vitest'
import type { MeetingId } from '#archive/core/ids.ts'
import type { MeetingState } from '#archive/domain/meeting-state.ts'
import { type RoomMeeting, roomRefusal, servingMeeting, startsByItself } from '#archive/domain/serving.ts'

const nowMs = Date.UTC(2026, 10, 22, 18)
const hourMs = 3_600_000

/** Planned `hours` from the present moment. */
function meeting(slug: string, state: MeetingState, hours: number): RoomMeeting {
  return { id: slug as MeetingId, slug, state, plannedStartMs: nowMs + hours * hourMs }
}

test.each([
  ['nothing planned', [], null],
  ['planned in two hours', [meeting('a', 'scheduled', 2)], 'a'],
  ['planned in more than two hours', [meeting('a', 'scheduled', 2.01)], null],
  ['due, and not yet started', [meeting('a', 'scheduled', -3)], 'a'],
  ['forgotten since yesterday', [meeting('a', 'scheduled', -12.01)], null],
  ['the nearest of two', [meeting('a', 'scheduled', 1.5), meeting('b', 'scheduled', 0.5)], 'b'],
  ['waiting before scheduled', [meeting('a', 'waiting', -2), meeting('b', 'scheduled', 0)], 'a'],
  ['left waiting two days ago', [meeting('a', 'waiting', -48), meeting('b', 'scheduled', 0)], 'b'],
  ['open before everything', [meeting('a', 'scheduled', 0), meeting('b', 'closed', -30)], 'b'],
  ['paused counts as open', [meeting('a', 'waiting', 0), meeting('b', 'paused', -3)], 'b'],
  [
    'ended, published and cancelled serve nothing',
    (['ended', 'published', 'cancelled'] as const).map((s) => meeting(s, s, 0)),
    null,
  ],
])('%s', (_what, meetings, slug) => {
  expect(servingMeeting(meetings, nowMs)?.slug ?? null).toBe(slug)
})

test.each([
  ['before its planned time', 0.01, false],
  ['at its planned time', 0, true],
  ['two hours later', -2, true],
  ['at the sound check of the next morning', -13, false],
])('a meeting starts by itself or not: %s', (_when, hours, expected) => {
  expect(startsByItself(meeting('a', 'waiting', hours), nowMs)).toBe(expected)
})

test('starting is refused while another meeting of the room is open, and names it', () => {
  const refusal = roomRefusal({ id: 'b' as MeetingId }, 'start', [
    meeting('a', 'paused', -1),
    meeting('b', 'scheduled', 0),
  ])
  expect(refusal).toMatchObject({
    code: 'ROOM_BUSY',
    message: 'The meeting a is paused in this room.',
    hint: 'End it first: hemicycle meeting end a',
  })
})

test.each([
  ['another only waits', 'start', [meeting('a', 'waiting', -1)]],
  ['it is the meeting itself that is open', 'start', [meeting('b', 'live', -1)]],
  ['the press takes away', 'closed', [meeting('a', 'live', -1)]],
] as const)('nothing stands against it where %s', (_what, kind, others) => {
  expect(roomRefusal({ id: 'b' as MeetingId }, kind, others)).toBeNull()
})
