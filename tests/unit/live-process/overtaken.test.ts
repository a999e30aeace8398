import { describe, expect, it } from 'vitest'
import { newId } from '#archive/core/ids.ts'
import type { Command, MeetingAction } from '#archive/domain/command.ts'
import type { MeetingState } from '#archive/domain/meeting-state.ts'
import { type CataloguedMeeting, MeetingRegister } from '../../../ingest/meeting/meeting-register.ts'
import type { StateReading } from '../../../ingest/state/state-file.ts'

const id = newId<'meeting'>()
const recording = newId<'recording'>()
const nothingInFlight = () => false

function catalogued(state: MeetingState, stateSinceMs: number): CataloguedMeeting {
  const facts = { publishesOnEnd: true, keepsEarlier: false, plannedStartMs: 0 }
  return { id, slug: 'raad', state, stateSinceMs, recording, ...facts }
}

function press(action: MeetingAction, atMs: number): Command {
  return { id: newId(), meeting: id, atMs, by: 'cli', action }
}

function registerWith(kept: StateReading = { kind: 'read', states: new Map() }): MeetingRegister {
  return new MeetingRegister({ kept, persist: () => true })
}

/** Live since 1,000. */
function liveRegister(): MeetingRegister {
  const meetings = registerWith()
  meetings.adopt([catalogued('live', 1_000)], nothingInFlight, 1_100)
  return meetings
}

const opening = (state: MeetingState): MeetingAction => ({ kind: state === 'published' ? 'reopen' : 'resume' })

describe.each<[MeetingState, MeetingAction]>([
  ['closed', { kind: 'closed' }],
  ['paused', { kind: 'pause', resumesAtMs: null }],
  ['published', { kind: 'end' }],
])('a meeting that is %s', (state, action) => {
  it('stays so when the catalogue gave up the command, and the catalogue is told again', () => {
    const meetings = liveRegister()
    meetings.apply(press(action, 5_000))
    const changes = meetings.adopt([catalogued('live', 1_000)], nothingInFlight, 8_000)
    expect(meetings.get(id)).toMatchObject({ state, openedAtMs: null })
    expect(changes).toMatchObject([{ kind: 'restored', from: 'live', to: state }])
  })

  it('stays so for a resume that was pressed before it and reached the catalogue after it', () => {
    const meetings = liveRegister()
    meetings.apply(press(action, 5_000))
    meetings.adopt([catalogued('live', 4_999)], nothingInFlight, 5_200)
    expect(meetings.get(id)?.state).toBe(state)
  })

  it('refuses a resume that was pressed before it and is heard after it', () => {
    const meetings = liveRegister()
    meetings.apply(press(action, 5_000))
    expect(meetings.apply(press(opening(state), 4_999))).toMatchObject({ ok: false, code: 'PRESS_OVERTAKEN' })
    expect(meetings.get(id)?.state).toBe(state)
  })

  it('is opened by a resume that was pressed after it, told by whomever', () => {
    const told = liveRegister()
    told.apply(press(action, 5_000))
    expect(told.apply(press(opening(state), 5_001))).toMatchObject({ ok: true, value: { to: 'live' } })
    const read = liveRegister()
    read.apply(press(action, 5_000))
    read.adopt([catalogued('live', 5_001)], nothingInFlight, 5_200)
    expect(read.get(id)).toMatchObject({ state: 'live', openedAtMs: 5_200 })
  })
})

describe('a meeting that was started by mistake', () => {
  it('is not opened again by a catalogue that did not hear of it', () => {
    const meetings = liveRegister()
    meetings.apply(press({ kind: 'started-by-mistake' }, 5_000))
    meetings.adopt([catalogued('live', 1_000)], nothingInFlight, 8_000)
    expect(meetings.get(id)).toMatchObject({ state: 'waiting', recording: null })
  })

  it('is opened by a start that was pressed before live itself said that it waits', () => {
    const meetings = registerWith()
    meetings.adopt([catalogued('scheduled', 0)], nothingInFlight, 100)
    meetings.apply(press({ kind: 'wait' }, 1_001))
    meetings.adopt([catalogued('live', 1_000)], nothingInFlight, 1_100)
    expect(meetings.get(id)?.state).toBe('live')
  })
})

describe('a shutting and a resume that live has not heard of', () => {
  it('while it was dead: it opens from the resume on, not from the press that it remembers', () => {
    const kept = new Map([[id, { state: 'live' as const, recording, openedAtMs: 1_000 }]])
    const meetings = registerWith({ kind: 'read', states: kept })
    meetings.adopt([catalogued('live', 60_000)], nothingInFlight, 61_000)
    expect(meetings.get(id)).toMatchObject({ state: 'live', openedAtMs: 60_000 })
  })

  it('while the catalogue could not be read: it shuts and opens anew, from the resume on', () => {
    const meetings = liveRegister()
    const changes = meetings.adopt([catalogued('live', 60_000)], nothingInFlight, 61_000)
    expect(changes).toMatchObject([{ kind: 'adopted', from: 'live', to: 'live' }])
    expect(meetings.get(id)?.openedAtMs).toBe(60_000)
  })

  it('is not read into a press that the catalogue has in whole milliseconds', () => {
    const meetings = registerWith()
    meetings.adopt([catalogued('paused', 500)], nothingInFlight, 600)
    meetings.apply(press({ kind: 'resume' }, 1_000.4))
    expect(meetings.adopt([catalogued('live', 1_000)], nothingInFlight, 1_100)).toEqual([])
    meetings.apply(press({ kind: 'closed' }, 2_000))
    meetings.apply(press({ kind: 'resume' }, 3_000.6))
    expect(meetings.adopt([catalogued('live', 3_001)], nothingInFlight, 3_100)).toEqual([])
  })
})
