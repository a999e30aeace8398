import type { MeetingView } from '#archive/domain/meeting-view.ts'
import type { Messages } from '../i18n/messages.ts'
import { clockTime, longDate } from './calendar.ts'
import type { Language } from './locale.ts'
import { fill } from './phrase.ts'

/** What the public needs to know of a meeting, beyond its state in the catalogue. */
export type PublicState =
  | 'scheduled'
  | 'waiting'
  | 'live'
  | 'paused'
  | 'closed'
  | 'interrupted'
  | 'ended'
  | 'preparing'
  | 'published'
  | 'cancelled'

/** A list does not know whether there is a replay; it then counts as there. */
export type StateFacts = Pick<MeetingView, 'state' | 'interrupted'> & { readonly replay?: MeetingView['replay'] }

export function publicState(view: StateFacts): PublicState {
  if (view.state === 'live' && view.interrupted) return 'interrupted'
  if (view.state === 'published' && view.replay === null) return 'preparing'
  return view.state
}

const badges = {
  scheduled: 'badgeScheduled',
  waiting: 'badgeWaiting',
  live: 'badgeLive',
  paused: 'badgePaused',
  closed: 'badgeClosed',
  interrupted: 'badgeInterrupted',
  ended: 'badgeEnded',
  preparing: 'badgeEnded',
  published: 'badgePublished',
  cancelled: 'badgeCancelled',
} as const satisfies Record<PublicState, keyof Messages>

export function badgeText(state: PublicState, messages: Messages): string {
  return messages[badges[state]]
}

export interface StateNotice {
  readonly state: PublicState
  readonly badge: string
  readonly title: string
  readonly text: string
}

/** The sentences above the player, the same on the server and in the page that follows the meeting. */
export function stateNotice(view: MeetingView, messages: Messages, language: Language): StateNotice {
  const state = publicState(view)
  const moment = { at: view.plannedAt, timeZone: view.timeZone }
  const values = { date: longDate(moment, language), time: clockTime(moment, language) }
  return {
    state,
    badge: badgeText(state, messages),
    title: fill(messages[`${state}Title`], values),
    text:
      state === 'live' && view.alarm ? messages[alarmText(view.alarm.code)] : fill(messages[`${state}Text`], values),
  }
}

/** What the public is told while something is wrong with what it sees or hears, and nobody has said that it is not. */
function alarmText(code: NonNullable<MeetingView['alarm']>['code']): keyof Messages {
  if (code.startsWith('SOUND_')) return 'soundAlarmText'
  return code.startsWith('PICTURE_') ? 'pictureAlarmText' : 'streamAlarmText'
}
