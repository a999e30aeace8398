import { isPublic } from '../catalog/access.ts'
import { addAudit } from '../catalog/audit.ts'
import { bodyBySlug } from '../catalog/bodies.ts'
import { addItems } from '../catalog/items.ts'
import { addMeeting, type Meeting, meetingBySlug, meetingsIn } from '../catalog/meetings.ts'
import { moveToMeeting } from '../catalog/moves.ts'
import { roomBySlug } from '../catalog/rooms.ts'
import { connectedRooms } from '../catalog/sessions.ts'
import type { TownDb } from '../catalog/town-db.ts'
import { refuse } from '../core/errors.ts'
import { numberedAgenda } from '../domain/agenda.ts'
import { dateOf, plannedTime } from '../domain/local-time.ts'
import { type MeetingState, meetingStates } from '../domain/meeting-state.ts'
import { isSlug, meetingSlug } from '../domain/slug.ts'
import type { MeetingChoice, NewMeeting, Operations } from './operations.ts'
import { askedBy, nowOf, type OperationsDeps } from './operations-deps.ts'
import { meetingUrl } from './page-address.ts'
import { summaryOf, viewOf } from './presentation.ts'
import { noRoom } from './set-up.ts'

type Meetings = Pick<Operations, 'addMeeting' | 'showMeeting' | 'listMeetings' | 'moveToMeeting'>

export function meetingOperations(deps: OperationsDeps): Meetings {
  const { catalog, config } = deps
  const { publicUrl } = config
  return {
    async addMeeting(meeting) {
      const outcome = await catalog.write((db) => planMeeting(db, meeting, deps))
      if (outcome.ok) await deps.live.directoryChanged()
      return outcome
    },
    showMeeting: (slug, audience = 'public') =>
      catalog.read(async (db) => {
        const meeting = await meetingBySlug(db, slug)
        if (!meeting || (audience === 'public' && isHidden(meeting))) return refuse('MEETING_NOT_FOUND')
        return { ok: true, value: await viewOf(db, meeting, { audience, publicUrl }) }
      }),
    listMeetings: (choice = {}) => catalog.read((db) => chosenMeetings(db, choice, deps)),
    moveToMeeting: (slug, to) =>
      catalog.write(async (db) => {
        const [source, target] = [await meetingBySlug(db, slug), await meetingBySlug(db, to)]
        if (!source || !target) return refuse('MEETING_NOT_FOUND')
        return await moveToMeeting(db, { from: source, to: target, by: askedBy(deps), atMs: nowOf(deps) })
      }),
  }
}

/** A draft that was never published: nobody may know of it. */
export function isHidden(meeting: Meeting): boolean {
  return meeting.unlisted && !isPublic(meeting)
}

async function planMeeting(db: TownDb, meeting: NewMeeting, deps: OperationsDeps): ReturnType<Meetings['addMeeting']> {
  const { config } = deps
  const body = await bodyBySlug(db, meeting.body)
  if (!body) return refuse('NOT_FOUND', { message: `There is no body "${meeting.body}".` })
  const room = meeting.room === undefined ? null : await roomBySlug(db, meeting.room)
  if (meeting.room !== undefined && !room) return noRoom(meeting.room)
  const planned = plannedTime(meeting.at, meeting.timeZone ?? config.timeZone)
  if (!planned.ok) return planned
  const agenda = numberedAgenda(meeting.agenda ?? [])
  if (!agenda.ok) return agenda
  const title = meeting.title.trim() || body.name
  const slug = meeting.slug ?? meetingSlug(dateOf(planned.value.local), title, config.language)
  if (!isSlug(slug)) return refuse('SLUG_INVALID', { message: `"${slug}" is not a slug.` })
  if (meeting.slug !== undefined && (await meetingBySlug(db, slug))) {
    return refuse('SLUG_TAKEN', { message: `"${slug}" exists already.` })
  }
  const { autoStart = false } = meeting
  const draft = { slug, title, body: body.id, room: room?.id ?? null, planned: planned.value, autoStart }
  const added = await addMeeting(db, draft, nowOf(deps))
  const items = await addItems(db, added.id, agenda.value)
  await addAudit(db, { atMs: nowOf(deps), by: askedBy(deps), action: 'meeting-add', subject: added.slug })
  return {
    ok: true,
    value: {
      ...added,
      url: meetingUrl(config.publicUrl, added.slug),
      agenda: items.map(({ id, number, title: name }) => ({ id, number, title: name })),
    },
  }
}

const statesOf: Readonly<Record<NonNullable<MeetingChoice['when']>, readonly MeetingState[]>> = {
  open: ['waiting', 'live', 'paused', 'closed'],
  upcoming: ['scheduled'],
  past: ['ended', 'published'],
}
const usualLimit = 50
/** A meeting that was planned and never held is no longer to come a day later. */
const dueForMs = 86_400_000

async function chosenMeetings(db: TownDb, choice: MeetingChoice, deps: OperationsDeps) {
  const { when, audience = 'public', limit = usualLimit } = choice
  const body = choice.body === undefined ? null : await bodyBySlug(db, choice.body)
  if (choice.body !== undefined && !body) return []
  const upcoming = when === 'upcoming'
  const meetings = await meetingsIn(db, {
    states: when ? statesOf[when] : meetingStates,
    order: upcoming ? 'earliest-first' : 'latest-first',
    limit,
    ...(upcoming ? { sinceMs: nowOf(deps) - dueForMs } : {}),
    ...(body ? { body: body.id } : {}),
    withUnlisted: audience === 'operator',
  })
  const connected = await connectedRooms(db)
  return meetings.map((meeting) => summaryOf(meeting, connected, deps.config.publicUrl))
}
