import { describe, expect, test } from 'vitest'
import type { MeetingAction } from '#archive/domain/command.ts'
import { type MeetingState, meetingStates } from '#archive/domain/meeting-state.ts'
import { transition } from '#archive/domain/transition.ts'

type Kind = MeetingAction['kind']

const council = { publishesOnEnd: true, hasRecording: true, keepsEarlier: false }

/** In the order of `meetingStates`: scheduled, waiting, live, paused, closed, ended, published, cancelled. */
const table: Readonly<Record<Exclude<Kind, 'item' | 'undo'>, readonly string[]>> = {
  wait: ['waiting', 'waiting', 'OPEN', 'OPEN', 'OPEN', 'ENDED', 'ENDED', 'CANCELLED'],
  start: ['live', 'live', 'live', 'OPEN', 'OPEN', 'ENDED', 'ENDED', 'CANCELLED'],
  pause: ['scheduled', 'waiting', 'paused', 'paused', 'closed', 'ended', 'published', 'cancelled'],
  closed: ['closed', 'closed', 'closed', 'closed', 'closed', 'ended', 'published', 'cancelled'],
  resume: ['NOT_STARTED', 'NOT_STARTED', 'live', 'live', 'live', 'ENDED', 'ENDED', 'CANCELLED'],
  end: ['published', 'published', 'published', 'published', 'published', 'ended', 'published', 'cancelled'],
  publish: ['NOT_ENDED', 'NOT_ENDED', 'NOT_ENDED', 'NOT_ENDED', 'NOT_ENDED', 'published', 'published', 'CANCELLED'],
  unpublish: ['scheduled', 'waiting', 'NOT_ENDED', 'NOT_ENDED', 'NOT_ENDED', 'ended', 'ended', 'cancelled'],
  reopen: ['NOT_ENDED', 'NOT_ENDED', 'live', 'NOT_ENDED', 'NOT_ENDED', 'live', 'live', 'CANCELLED'],
  'started-by-mistake': ['NOT_STARTED', 'waiting', 'waiting', 'waiting', 'waiting', 'ENDED', 'ENDED', 'CANCELLED'],
  adjourn: ['scheduled', 'scheduled', 'scheduled', 'scheduled', 'scheduled', 'scheduled', 'ENDED', 'CANCELLED'],
  cancel: ['cancelled', 'cancelled', 'OPEN', 'OPEN', 'OPEN', 'ENDED', 'ENDED', 'cancelled'],
}

describe.each(Object.entries(table))('%s', (kind, expected) => {
  test.each(meetingStates.map((state, index) => [state, expected[index]] as const))('%s → %s', (state, answer) => {
    const outcome = transition(state, kind as Kind, council)
    expect(outcome.ok ? outcome.value : outcome.code.replace('MEETING_', '')).toBe(answer)
  })
})

test('whatever takes away from the public is never refused', () => {
  const refused = (['pause', 'closed', 'end'] as const).flatMap((kind) =>
    meetingStates.filter((state) => !transition(state, kind, council).ok),
  )
  expect(refused).toEqual([])
})

test('a restrictive press never opens anything', () => {
  const open = (['pause', 'closed', 'end', 'unpublish', 'cancel'] as const).flatMap((kind) =>
    meetingStates
      .filter((state) => state !== 'live')
      .map((state) => transition(state, kind, council))
      .filter((outcome) => outcome.ok && outcome.value === 'live'),
  )
  expect(open).toEqual([])
})

test.each([
  ['a council publishes on end', true, true, 'published'],
  ['a press office does not', false, true, 'ended'],
  ['without a recording there is nothing to publish', true, false, 'ended'],
] as const)('%s', (_what, publishesOnEnd, hasRecording, state) => {
  expect(transition('live', 'end', { publishesOnEnd, hasRecording, keepsEarlier: false })).toEqual({
    ok: true,
    value: state,
  })
})

test('a meeting that began behind closed doors is opened by start, not by resume', () => {
  const facts = { publishesOnEnd: true, hasRecording: false, keepsEarlier: false }
  expect(transition('closed', 'start', facts)).toEqual({ ok: true, value: 'live' })
  expect(transition('closed', 'resume', facts)).toMatchObject({ ok: false, code: 'MEETING_NOT_STARTED' })
})

test('nothing recorded can be neither published nor reopened', () => {
  const facts = { publishesOnEnd: false, hasRecording: false, keepsEarlier: false }
  for (const kind of ['publish', 'reopen'] as const) {
    expect(transition('ended', kind, facts)).toMatchObject({ ok: false, code: 'NOTHING_RECORDED' })
  }
})

test('items and undoing leave the state as it is', () => {
  const states: MeetingState[] = ['waiting', 'live', 'paused', 'closed', 'ended', 'published']
  const after = states.map((state) => [transition(state, 'item', council), transition(state, 'undo', council)])
  expect(after).toEqual(
    states.map((value) => [
      { ok: true, value },
      { ok: true, value },
    ]),
  )
  expect(transition('scheduled', 'item', council)).toMatchObject({ ok: false, code: 'MEETING_NOT_STARTED' })
})

test('a meeting that was ended before it began can still be started', () => {
  const facts = { publishesOnEnd: true, hasRecording: false, keepsEarlier: false }
  expect(transition('ended', 'start', facts)).toEqual({ ok: true, value: 'live' })
})

test.each(['live', 'paused', 'closed'] as const)('nothing earlier is deleted for a mistaken start: %s', (state) => {
  const outcome = transition(state, 'started-by-mistake', { ...council, keepsEarlier: true })
  expect(outcome).toMatchObject({ ok: false, code: 'EARLIER_RECORDED' })
})
