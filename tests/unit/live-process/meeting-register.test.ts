import { describe, expect, it } from 'vitest'
import { type MeetingId, newId, type RecordingId } from '#archive/core/ids.ts'
import type { Command, MeetingAction } from '#archive/domain/command.ts'
import type { MeetingState } from '#archive/domain/meeting-state.ts'
import { type CataloguedMeeting, MeetingRegister } from '../../../ingest/meeting/meeting-register.ts'
import { missedAction } from '../../../ingest/state/restart.ts'
import type { KeptStates, StateReading } from '../../../ingest/state/state-file.ts'

const id = newId<'meeting'>()
const recording = newId<'recording'>()

function catalogued(state: MeetingState, facts: Partial<CataloguedMeeting> = {}): CataloguedMeeting {
  return {
    id,
    slug: 'raad',
    state,
    stateSinceMs: 0,
    recording: null,
    publishesOnEnd: true,
    keepsEarlier: false,
    plannedStartMs: 0,
    ...facts,
  }
}

function command(action: MeetingAction, atMs = 1_000, meeting: MeetingId = id): Command {
  return { id: newId(), meeting, atMs, by: 'cli', action }
}

function register(options: { kept?: StateReading; writable?: boolean } = {}) {
  const written: KeptStates[] = []
  const meetings = new MeetingRegister({
    kept: options.kept ?? { kind: 'read', states: new Map() },
    persist: (states) => {
      if (options.writable === false) return false
      written.push(states)
      return true
    },
  })
  return { meetings, written }
}

function keptAs(state: MeetingState, kept: RecordingId | null = recording): StateReading {
  return { kind: 'read', states: new Map([[id, { state, recording: kept, openedAtMs: 5 }]]) }
}

const notInFlight = () => false

describe('the register of meetings', () => {
  it('opens a meeting at the press and writes that down before it answers', () => {
    const { meetings, written } = register()
    meetings.adopt([catalogued('waiting')], notInFlight, 10)
    const outcome = meetings.apply(command({ kind: 'start', recording }, 2_000))
    expect(outcome).toMatchObject({ ok: true, value: { from: 'waiting', to: 'live', recording, kept: true } })
    expect(written.at(-1)?.get(id)).toEqual({ state: 'live', recording, openedAtMs: 2_000 })
  })

  it('confirms a command again without doing it again', () => {
    const { meetings } = register()
    meetings.adopt([catalogued('waiting')], notInFlight, 10)
    const start = command({ kind: 'start', recording })
    meetings.apply(start)
    meetings.apply(command({ kind: 'pause', resumesAtMs: null }))
    expect(meetings.apply(start)).toMatchObject({ ok: true, value: { from: 'paused', to: 'paused' } })
  })

  it('refuses a meeting that it does not know', () => {
    expect(register().meetings.apply(command({ kind: 'end' }))).toMatchObject({ ok: false, code: 'MEETING_NOT_FOUND' })
  })

  it('shuts even where the state file cannot be written, and says so', () => {
    const { meetings } = register({ writable: false })
    meetings.adopt([catalogued('live', { recording })], notInFlight, 10)
    expect(meetings.apply(command({ kind: 'closed' }))).toMatchObject({
      ok: true,
      value: { to: 'closed', kept: false },
    })
    expect(meetings.get(id)?.state).toBe('closed')
  })

  it('forgets the recording of a meeting that was started by mistake', () => {
    const { meetings } = register()
    meetings.adopt([catalogued('live', { recording })], notInFlight, 10)
    meetings.apply(command({ kind: 'started-by-mistake' }))
    expect(meetings.get(id)).toMatchObject({ state: 'waiting', recording: null, openedAtMs: null })
  })

  it('frees the room of a meeting at its adjournment, until the catalogue knows the new time', () => {
    const { meetings } = register()
    meetings.adopt([catalogued('live', { recording, plannedStartMs: 10 })], notInFlight, 10)
    meetings.apply(command({ kind: 'adjourn', toLocal: '2026-11-29T20:00' }))
    meetings.adopt([catalogued('live', { recording, plannedStartMs: 10 })], () => true, 20)
    expect(meetings.get(id)).toMatchObject({ state: 'scheduled', plannedStartMs: Number.MAX_SAFE_INTEGER })
    meetings.adopt([catalogued('scheduled', { recording, plannedStartMs: 5_000 })], notInFlight, 30)
    expect(meetings.get(id)?.plannedStartMs).toBe(5_000)
  })

  it.each([{ kind: 'adjourn', toLocal: '2026-11-29T20:00' }, { kind: 'end' }] as const)(
    'keeps what was captured before $kind when the next start was a mistake',
    (before) => {
      const { meetings } = register()
      meetings.adopt([catalogued('live', { recording })], notInFlight, 10)
      meetings.apply(command(before))
      meetings.apply(command(before.kind === 'end' ? { kind: 'reopen' } : { kind: 'start', recording }))
      expect(meetings.apply(command({ kind: 'started-by-mistake' }))).toMatchObject({ code: 'EARLIER_RECORDED' })
      expect(meetings.get(id)).toMatchObject({ state: 'live', recording })
    },
  )

  it('does not follow the catalogue while a command of its own is on the way there', () => {
    const { meetings } = register()
    meetings.adopt([catalogued('live', { recording })], notInFlight, 10)
    meetings.apply(command({ kind: 'closed' }))
    expect(meetings.adopt([catalogued('live', { recording })], () => true, 20)).toEqual([])
    expect(meetings.get(id)?.state).toBe('closed')
  })

  it('follows the catalogue where somebody else told it first, from the moment of reading on', () => {
    const { meetings } = register()
    meetings.adopt([catalogued('waiting')], notInFlight, 10)
    const changes = meetings.adopt([catalogued('live', { recording })], notInFlight, 700)
    expect(changes).toMatchObject([{ from: 'waiting', to: 'live', kind: 'adopted' }])
    expect(meetings.get(id)?.openedAtMs).toBe(700)
  })

  it.each<[MeetingState, MeetingState, MeetingState]>([
    ['live', 'closed', 'closed'],
    ['live', 'paused', 'paused'],
    ['closed', 'live', 'closed'],
    ['published', 'live', 'published'],
    ['ended', 'closed', 'ended'],
    ['live', 'live', 'live'],
  ])('after a restart with %s in the catalogue and %s in the file goes on as %s', (inCatalogue, inFile, expected) => {
    const { meetings } = register({ kept: keptAs(inFile) })
    meetings.adopt([catalogued(inCatalogue, { recording })], notInFlight, 900)
    expect(meetings.get(id)?.state).toBe(expected)
  })

  it('takes an open meeting for closed where the file cannot be read, and leaves others alone', () => {
    const { meetings } = register({ kept: { kind: 'unreadable' } })
    const other = newId<'meeting'>()
    meetings.adopt([catalogued('live', { recording }), catalogued('scheduled', { id: other })], notInFlight, 900)
    expect(meetings.get(id)?.state).toBe('closed')
    expect(meetings.get(other)?.state).toBe('scheduled')
  })

  it('keeps the press of a live meeting through a restart, so that a backlog from before it stays out', () => {
    const { meetings } = register({ kept: keptAs('live') })
    meetings.adopt([catalogued('live', { recording })], notInFlight, 900)
    expect(meetings.get(id)?.openedAtMs).toBe(5)
  })

  it('says of a first sight what the catalogue had, so that it can be told what it missed', () => {
    const { meetings } = register({ kept: keptAs('closed') })
    const changes = meetings.adopt([catalogued('live', { recording })], notInFlight, 900)
    expect(changes).toMatchObject([{ from: 'live', to: 'closed', kind: 'restored' }])
  })
})

describe('what the catalogue is told after a restart', () => {
  it.each<[MeetingState, MeetingState, MeetingAction | null]>([
    ['live', 'closed', { kind: 'closed' }],
    ['paused', 'closed', { kind: 'closed' }],
    ['live', 'paused', { kind: 'pause', resumesAtMs: null }],
    ['closed', 'ended', { kind: 'end' }],
    ['live', 'published', { kind: 'end' }],
    ['closed', 'closed', null],
    // Pressed while the process was down: the catalogue's word holds.
    ['live', 'waiting', null],
    ['published', 'ended', null],
  ])('of a meeting that it has as %s and that goes on as %s', (inCatalogue, restored, action) => {
    expect(missedAction(inCatalogue, restored)).toEqual(action)
  })
})
