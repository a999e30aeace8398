import { describe, expect, it } from 'vitest'
import { newId } from '#archive/core/ids.ts'
import { type MeetingState, meetingStates } from '#archive/domain/meeting-state.ts'
import { MeetingRegister } from '../../../ingest/meeting/meeting-register.ts'
import type { StateReading } from '../../../ingest/state/state-file.ts'

const id = newId<'meeting'>()
const recording = newId<'recording'>()

type Kept = MeetingState | 'nothing' | 'unreadable'
const keptStates: readonly Kept[] = [...meetingStates, 'nothing', 'unreadable']
const every = meetingStates.flatMap((catalogued) => keptStates.map((kept): [MeetingState, Kept] => [catalogued, kept]))

function readingOf(kept: Kept): StateReading {
  if (kept === 'unreadable') return { kind: 'unreadable' }
  if (kept === 'nothing') return { kind: 'read', states: new Map() }
  const openedAtMs = kept === 'live' ? 1_000 : null
  return { kind: 'read', states: new Map([[id, { state: kept, recording, openedAtMs }]]) }
}

/** A register that has read the catalogue once after a restart, and again before it could tell it anything. */
function restarted(
  state: MeetingState,
  kept: Kept,
): { first: MeetingState | undefined; second: MeetingState | undefined } {
  const register = new MeetingRegister({ kept: readingOf(kept), persist: () => true })
  const facts = { publishesOnEnd: true, keepsEarlier: false, plannedStartMs: 0, stateSinceMs: 2_000 }
  const read = () => register.adopt([{ id, slug: 'raad', state, recording, ...facts }], () => false, 9_000)
  read()
  const first = register.get(id)?.state
  read()
  return { first, second: register.get(id)?.state }
}

describe('the more restrictive of catalogue and state file, in every combination', () => {
  it.each(every)('catalogue %s, file %s: captures only where the file has nothing against it', (state, kept) => {
    const { first } = restarted(state, kept)
    const mayCapture = state === 'live' && (kept === 'live' || kept === 'nothing')
    expect(first === 'live').toBe(mayCapture)
  })

  it.each(every)('catalogue %s, file %s: what a person had shut stays shut at the second reading', (state, kept) => {
    const { second } = restarted(state, kept)
    // Waiting and scheduled are no shutting: it may have been started while the process was dead.
    const nobodyShut = ['live', 'nothing', 'waiting', 'scheduled'].includes(kept)
    expect(second === 'live').toBe(state === 'live' && nobodyShut)
  })

  it.each(every.filter(([state]) => state === 'closed'))(
    'catalogue %s, file %s: never less than closed',
    (state, kept) => {
      const { first, second } = restarted(state, kept)
      expect(['live', 'paused']).not.toContain(first)
      expect(['live', 'paused']).not.toContain(second)
    },
  )
})
