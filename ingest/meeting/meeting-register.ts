import type { Outcome } from '#archive/core/errors.ts'
import { refuse } from '#archive/core/errors.ts'
import type { CommandId, MeetingId, RecordingId } from '#archive/core/ids.ts'
import type { Command, MeetingAction } from '#archive/domain/command.ts'
import type { MeetingState } from '#archive/domain/meeting-state.ts'
import { transition } from '#archive/domain/transition.ts'
import { stateAfterRestart } from '../state/restart.ts'
import type { KeptState, KeptStates, StateReading } from '../state/state-file.ts'

/** A meeting as the catalogue last described it. */
export interface CataloguedMeeting {
  readonly id: MeetingId
  readonly slug: string
  readonly state: MeetingState
  /** WallTime of the press that led to it; in the catalogue, in whole milliseconds. */
  readonly stateSinceMs: number
  readonly recording: RecordingId | null
  readonly publishesOnEnd: boolean
  /** The recording holds what was captured before it was adjourned or reopened. */
  readonly keepsEarlier: boolean
  readonly plannedStartMs: number
}

/** A meeting's state has become `to`; `atMs` is the press (or, for what the catalogue tells, the moment it was read). */
export interface StateChange {
  readonly meeting: MeetingId
  readonly from: MeetingState
  readonly to: MeetingState
  /** `restored`: as of a restart; `from` is what the catalogue says, which a more restrictive state file may overrule. */
  readonly kind: MeetingAction['kind'] | 'adopted' | 'restored'
  readonly recording: RecordingId | null
  readonly atMs: number
  /** False: in force, but the state file could not be written, so that a crash would undo it. */
  readonly kept: boolean
}

export interface RegisteredMeeting extends CataloguedMeeting {
  /** The press since which media may be captured; null while nothing may be. */
  readonly openedAtMs: number | null
  /** The last press that said that nothing may be captured; minus infinity before it. */
  readonly shutAtMs: number
}

/** As many commands as a long evening has; older ones are known to the catalogue. */
const rememberedCommands = 2_000

/**
 * The states of the meetings as *live* acts on them. A command takes effect here at once and is on disk before it is
 * confirmed; what the catalogue says is adopted when no command of ours is still on its way there.
 */
export class MeetingRegister {
  readonly #meetings = new Map<MeetingId, RegisteredMeeting>()
  readonly #applied = new Set<CommandId>()
  readonly #persist: (states: KeptStates) => boolean
  readonly #kept: StateReading

  constructor(deps: { kept: StateReading; persist: (states: KeptStates) => boolean }) {
    this.#kept = deps.kept
    this.#persist = deps.persist
  }

  get(id: MeetingId): RegisteredMeeting | null {
    return this.#meetings.get(id) ?? null
  }

  all(): RegisteredMeeting[] {
    return [...this.#meetings.values()]
  }

  /** Carries out a command. Doing it again changes nothing and is confirmed again. */
  apply(command: Command): Outcome<StateChange> {
    const meeting = this.#meetings.get(command.meeting)
    if (!meeting) return refuse('MEETING_NOT_FOUND')
    const { action } = command
    if (this.#applied.has(command.id)) return { ok: true, value: unchanged(meeting, command) }
    const next = transition(meeting.state, action.kind, {
      publishesOnEnd: meeting.publishesOnEnd,
      hasRecording: meeting.recording !== null,
      keepsEarlier: meeting.keepsEarlier,
    })
    if (!next.ok) return next
    // Whoever pressed did not know that it was shut, and whoever shut it may have been told that it is.
    if (next.value === 'live' && isShutSince(meeting, command.atMs)) return refuse('PRESS_OVERTAKEN')
    this.#remember(command.id)
    const recording = recordingAfter(meeting, action)
    const changed = next.value !== meeting.state || recording !== meeting.recording
    const openedAtMs = openedAt(meeting, next.value, command.atMs)
    const isShutting = changed && next.value !== 'live' && action.kind !== 'wait'
    const shutAtMs = isShutting ? Math.max(meeting.shutAtMs, command.atMs) : meeting.shutAtMs
    const after = {
      ...meeting,
      ...afterAdjournment(meeting, action),
      state: next.value,
      recording,
      openedAtMs,
      shutAtMs,
    }
    const kept = !changed || this.#set(after)
    return {
      ok: true,
      value: {
        meeting: meeting.id,
        from: meeting.state,
        to: next.value,
        kind: action.kind,
        recording,
        atMs: command.atMs,
        kept,
      },
    }
  }

  /**
   * Takes over what the catalogue says. `inFlight` tells whether a command of ours has yet to reach it. The first
   * reading after a start is held against the state file: the more restrictive wins.
   */
  adopt(catalogued: readonly CataloguedMeeting[], inFlight: (id: MeetingId) => boolean, nowMs: number): StateChange[] {
    const changes: StateChange[] = []
    for (const meeting of catalogued) {
      const known = this.#meetings.get(meeting.id)
      if (!known) changes.push(...this.#firstSight(meeting, nowMs))
      else if (inFlight(meeting.id)) this.#meetings.set(meeting.id, { ...known, slug: meeting.slug })
      else changes.push(...this.#follow(known, meeting, nowMs))
    }
    return changes
  }

  #firstSight(meeting: CataloguedMeeting, nowMs: number): StateChange[] {
    const kept = this.#kept.kind === 'unreadable' ? 'unreadable' : (this.#kept.states.get(meeting.id) ?? null)
    const keptState = kept === null || kept === 'unreadable' ? kept : kept.state
    const state = stateAfterRestart(meeting.state, keptState)
    const keptOpenedAtMs = kept === null || kept === 'unreadable' ? null : kept.openedAtMs
    // It may have been shut and opened again while this process was dead: an encoder may have that stretch in store.
    const openedAtMs =
      state === 'live' ? Math.max(keptOpenedAtMs ?? nowMs, Math.min(meeting.stateSinceMs, nowMs)) : null
    // What waited while this process was dead may have been started meanwhile.
    const isShut = state !== 'live' && state !== 'waiting' && state !== 'scheduled'
    const shutAtMs = !isShut ? Number.NEGATIVE_INFINITY : state === meeting.state ? meeting.stateSinceMs : nowMs
    const isKept = this.#set({ ...meeting, state, openedAtMs, shutAtMs })
    if (state === 'scheduled') return []
    return [
      {
        meeting: meeting.id,
        from: meeting.state,
        to: state,
        kind: 'restored',
        recording: meeting.recording,
        atMs: nowMs,
        kept: isKept,
      },
    ]
  }

  #follow(known: RegisteredMeeting, meeting: CataloguedMeeting, nowMs: number): StateChange[] {
    if (meeting.state === 'live' && isShutSince(known, meeting.stateSinceMs)) {
      const { id, recording, state: to } = known
      return [{ meeting: id, from: 'live', to, kind: 'restored', recording, atMs: nowMs, kept: true }]
    }
    const missedMs = missedOpening(known, meeting)
    const recording = meeting.recording ?? known.recording
    const next = {
      ...meeting,
      recording: meeting.state === 'waiting' ? meeting.recording : recording,
      shutAtMs: shutBy(known, meeting),
      openedAtMs: missedMs ?? openedAt(known, meeting.state, nowMs),
    }
    if (known.state === meeting.state && known.recording === next.recording && missedMs === null) {
      this.#meetings.set(meeting.id, next)
      return []
    }
    const kept = this.#set(next)
    return [
      {
        meeting: meeting.id,
        from: known.state,
        to: meeting.state,
        kind: 'adopted',
        recording: next.recording,
        atMs: nowMs,
        kept,
      },
    ]
  }

  #set(meeting: RegisteredMeeting): boolean {
    this.#meetings.set(meeting.id, meeting)
    const states = new Map<MeetingId, KeptState>()
    for (const { id, state, recording, openedAtMs } of this.#meetings.values()) {
      if (state !== 'scheduled' && state !== 'published') states.set(id, { state, recording, openedAtMs })
    }
    return this.#persist(states)
  }

  #remember(id: CommandId): void {
    this.#applied.add(id)
    if (this.#applied.size <= rememberedCommands) return
    const oldest = this.#applied.values().next().value
    if (oldest) this.#applied.delete(oldest)
  }
}

function openedAt(meeting: RegisteredMeeting, next: MeetingState, atMs: number): number | null {
  if (next !== 'live') return null
  return meeting.state === 'live' ? meeting.openedAtMs : atMs
}

/** By a press after `atMs`. */
function isShutSince({ state, shutAtMs }: RegisteredMeeting, atMs: number): boolean {
  return state !== 'live' && shutAtMs > atMs
}

function shutBy({ state: before, shutAtMs }: RegisteredMeeting, meeting: CataloguedMeeting): number {
  const { state, stateSinceMs } = meeting
  const isShutting = before !== state && state !== 'live' && state !== 'waiting'
  return isShutting ? Math.max(shutAtMs, stateSinceMs) : shutAtMs
}

/** The press that opened a live meeting again after a shutting of which nothing was heard here; otherwise null. */
function missedOpening({ state, openedAtMs }: RegisteredMeeting, meeting: CataloguedMeeting): number | null {
  if (state !== 'live' || meeting.state !== 'live' || openedAtMs === null) return null
  return meeting.stateSinceMs > Math.ceil(openedAtMs) ? meeting.stateSinceMs : null
}

function unchanged(meeting: RegisteredMeeting, command: Command): StateChange {
  const { id, state, recording } = meeting
  return { meeting: id, from: state, to: state, kind: command.action.kind, recording, atMs: command.atMs, kept: true }
}

/** Far enough for its room to be free: the catalogue, which knows the zone, tells the new time in a moment. */
const adjournedForNowMs = Number.MAX_SAFE_INTEGER

function afterAdjournment({ keepsEarlier, recording, plannedStartMs }: RegisteredMeeting, { kind }: MeetingAction) {
  if (kind === 'adjourn') return { plannedStartMs: adjournedForNowMs, keepsEarlier: recording !== null }
  return { plannedStartMs, keepsEarlier: keepsEarlier || kind === 'reopen' }
}

function recordingAfter({ recording }: RegisteredMeeting, action: MeetingAction): RecordingId | null {
  if (action.kind === 'started-by-mistake') return null
  return recording ?? (action.kind === 'start' ? action.recording : null)
}
