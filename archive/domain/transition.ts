import { type Outcome, refuse } from '../core/errors.ts'
import type { MeetingAction } from './command.ts'
import type { MeetingState } from './meeting-state.ts'

export interface TransitionFacts {
  /** Whether the body's replays become public at *end*, in the same step. */
  readonly publishesOnEnd: boolean
  /** Whether anything was ever started, so that there is a recording to go on with or to publish. */
  readonly hasRecording: boolean
  /** Whether the recording holds what was captured before it was adjourned or reopened. */
  readonly keepsEarlier: boolean
}

type Kind = MeetingAction['kind']
type Rule = (state: MeetingState, facts: TransitionFacts) => Outcome<MeetingState>

/**
 * The state that follows, or a refusal. What takes away from the public (pause, closed, end) is always legal: where there
 * is nothing left to take away the state stays as it is. `item` and `undo` never change the state. What was done already
 * may be asked again: *live* and the catalogue learn of each other's states, and then of the command that led to them.
 */
export function transition(state: MeetingState, kind: Kind, facts: TransitionFacts): Outcome<MeetingState> {
  return rules[kind](state, facts)
}

const to = (state: MeetingState): Outcome<MeetingState> => ({ ok: true, value: state })

const notStarted = () => refuse('MEETING_NOT_STARTED')
const notEnded = () => refuse('MEETING_NOT_ENDED')
const over = (state: MeetingState) => (state === 'cancelled' ? refuse('MEETING_CANCELLED') : refuse('MEETING_ENDED'))

const rules: Readonly<Record<Kind, Rule>> = {
  wait: (state) => {
    if (state === 'scheduled' || state === 'waiting') return to('waiting')
    return isOver(state) ? over(state) : refuse('MEETING_OPEN')
  },
  start: (state, { hasRecording }) => {
    if (state === 'scheduled' || state === 'waiting' || state === 'live') return to('live')
    // Who ended what had never begun has lost nothing, and may still begin.
    if (state === 'ended' && !hasRecording) return to('live')
    if (isOver(state)) return over(state)
    // A meeting that began behind closed doors has nothing to resume: starting is what opens it.
    return hasRecording ? refuse('MEETING_OPEN', { hint: 'Use resume.' }) : to('live')
  },
  pause: (state) => to(state === 'live' ? 'paused' : state),
  closed: (state) => to(isOver(state) ? state : 'closed'),
  resume: (state, { hasRecording }) => {
    if (state === 'live') return to('live')
    if (state === 'paused' || state === 'closed') return hasRecording ? to('live') : notStarted()
    return isOver(state) ? over(state) : notStarted()
  },
  end: (state, { publishesOnEnd, hasRecording }) => {
    if (isOver(state)) return to(state)
    return to(publishesOnEnd && hasRecording ? 'published' : 'ended')
  },
  publish: (state, { hasRecording }) => {
    if (state === 'published') return to('published')
    if (state !== 'ended') return state === 'cancelled' ? refuse('MEETING_CANCELLED') : notEnded()
    return hasRecording ? to('published') : refuse('NOTHING_RECORDED')
  },
  unpublish: (state) => {
    if (state === 'live' || state === 'paused' || state === 'closed') return notEnded()
    return to(state === 'published' ? 'ended' : state)
  },
  reopen: (state, { hasRecording }) => {
    if (state === 'live') return to('live')
    if (state !== 'ended' && state !== 'published') return state === 'cancelled' ? over(state) : notEnded()
    return hasRecording ? to('live') : refuse('NOTHING_RECORDED', { hint: 'Use start.' })
  },
  'started-by-mistake': (state, { keepsEarlier }) => {
    if (isOpen(state) && keepsEarlier) return refuse('EARLIER_RECORDED')
    if (state === 'live' || state === 'paused' || state === 'closed' || state === 'waiting') return to('waiting')
    return isOver(state) ? over(state) : notStarted()
  },
  adjourn: (state) => (state === 'published' || state === 'cancelled' ? over(state) : to('scheduled')),
  cancel: (state) => {
    if (state === 'scheduled' || state === 'waiting' || state === 'cancelled') return to('cancelled')
    return isOver(state) ? over(state) : refuse('MEETING_OPEN', { hint: 'Use end, or started-by-mistake.' })
  },
  item: (state) => (state === 'scheduled' ? notStarted() : state === 'cancelled' ? over(state) : to(state)),
  undo: (state) => to(state),
}

function isOpen(state: MeetingState): boolean {
  return state === 'live' || state === 'paused' || state === 'closed'
}

function isOver(state: MeetingState): boolean {
  return state === 'ended' || state === 'published' || state === 'cancelled'
}
