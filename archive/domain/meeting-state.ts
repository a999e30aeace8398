/** The states of a meeting; `published` follows `ended` and makes the replay public. */
export const meetingStates = [
  'scheduled',
  'waiting',
  'live',
  'paused',
  'closed',
  'ended',
  'published',
  'cancelled',
] as const
export type MeetingState = (typeof meetingStates)[number]
