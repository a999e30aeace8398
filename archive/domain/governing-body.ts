/** A council's meetings are meetings; a press office's are press conferences. */
export const bodyKinds = ['council', 'press'] as const
export type BodyKind = (typeof bodyKinds)[number]

export const meetingKinds = ['meeting', 'press-conference'] as const
export type MeetingKind = (typeof meetingKinds)[number]

export function meetingKindOf(body: BodyKind): MeetingKind {
  return body === 'press' ? 'press-conference' : 'meeting'
}

/** A council's replay is public when the meeting ends; a press office publishes when it is ready. */
export function publishesOnEndByDefault(body: BodyKind): boolean {
  return body === 'council'
}
