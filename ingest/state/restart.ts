import type { MeetingAction } from '#archive/domain/command.ts'
import type { MeetingState } from '#archive/domain/meeting-state.ts'
import { isOpen } from '#archive/domain/serving.ts'

/** How much a state keeps from the public; after a restart the higher one wins. */
const restriction: Readonly<Record<MeetingState, number>> = {
  live: 0,
  paused: 1,
  closed: 2,
  waiting: 3,
  scheduled: 3,
  published: 4,
  ended: 5,
  cancelled: 6,
}

/**
 * The state in which a meeting goes on after a restart: the more restrictive of what the state file and the catalogue
 * say. With an unreadable state file (`kept` is `unreadable`) a meeting that is open goes on as closed.
 */
export function stateAfterRestart(catalogued: MeetingState, kept: MeetingState | null | 'unreadable'): MeetingState {
  if (kept === null) return catalogued
  if (kept === 'unreadable') return catalogued === 'live' || catalogued === 'paused' ? 'closed' : catalogued
  // A meeting the catalogue has ended cannot be opened by an old file, nor one it has not started be started by it.
  return restriction[kept] > restriction[catalogued] ? kept : catalogued
}

/**
 * What the catalogue has to be told when a restart has overruled it, or null: otherwise the next reading of it would
 * open again what the state file kept shut.
 */
export function missedAction(catalogued: MeetingState, restored: MeetingState): MeetingAction | null {
  if (!isOpen(catalogued) || catalogued === restored) return null
  if (restored === 'closed') return { kind: 'closed' }
  if (restored === 'paused') return { kind: 'pause', resumesAtMs: null }
  return restored === 'ended' || restored === 'published' ? { kind: 'end' } : null
}
