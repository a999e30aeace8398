import { setTimeout as pause } from 'node:timers/promises'
import { type Applied, applyCommand } from '../catalog/commands.ts'
import { itemsOf } from '../catalog/items.ts'
import { marksOf } from '../catalog/marks.ts'
import { type Meeting, meetingBySlug } from '../catalog/meetings.ts'
import type { TownDb } from '../catalog/town-db.ts'
import { type Outcome, refuse } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import { plainNumber } from '../domain/agenda.ts'
import type { Command, MeetingAction } from '../domain/command.ts'
import { plannedTime } from '../domain/local-time.ts'
import { standingMarks } from '../domain/mark.ts'
import type { MeetingState } from '../domain/meeting-state.ts'
import type { CommandResult, LiveAnswer, Operations, PlainAction } from './operations.ts'
import { askedBy, nowOf, type OperationsDeps } from './operations-deps.ts'

type Commands = Pick<Operations, 'command' | 'pause' | 'item' | 'undo' | 'adjourn'>

/** Decides, from the meeting and its agenda, what is to be asked. Several actions are carried out in order. */
type Plan = (
  meeting: Meeting,
  db: TownDb,
) => Promise<Outcome<readonly MeetingAction[]>> | Outcome<readonly MeetingAction[]>

export function commandOperations(deps: OperationsDeps): Commands {
  const press = (slug: string, plan: Plan) => pressed(deps, slug, plan)
  return {
    command: (slug, action) => press(slug, (meeting) => plainAction(meeting, action)),
    pause: (slug, until) =>
      press(slug, (meeting) => {
        if (until === undefined) return one({ kind: 'pause', resumesAtMs: null })
        const resumes = plannedTime(until, meeting.planned.zone)
        return resumes.ok ? one({ kind: 'pause', resumesAtMs: resumes.value.startMs }) : resumes
      }),
    item: (slug, numbers, agoSeconds = 0) => {
      const markedAtMs = nowOf(deps) - Math.round(agoSeconds * 1000)
      return press(slug, (meeting, db) => itemActions(db, meeting, { numbers, markedAtMs }))
    },
    undo: (slug) =>
      press(slug, async (meeting, db) => {
        const last = standingMarks(await marksOf(db, meeting.id)).at(-1)
        return last ? one({ kind: 'undo', mark: last.id }) : refuse('MARK_UNKNOWN')
      }),
    adjourn: (slug, to) =>
      press(slug, (meeting) => {
        const planned = plannedTime(to, meeting.planned.zone)
        return planned.ok ? one({ kind: 'adjourn', toLocal: planned.value.local }) : planned
      }),
  }
}

function one(action: MeetingAction): Outcome<readonly MeetingAction[]> {
  return { ok: true, value: [action] }
}

function plainAction(meeting: Meeting, kind: PlainAction): Outcome<readonly MeetingAction[]> {
  if (kind === 'pause') return one({ kind, resumesAtMs: null })
  // A meeting that began behind closed doors has no recording to resume.
  const begins =
    kind === 'resume' && meeting.recording === null && (meeting.state === 'closed' || meeting.state === 'paused')
  if ((kind === 'start' || kind === 'reopen' || begins) && !meeting.room) return refuse('ROOM_MISSING')
  return one(kind === 'start' || begins ? { kind: 'start', recording: meeting.recording ?? newId() } : { kind })
}

async function itemActions(
  db: TownDb,
  meeting: Meeting,
  { numbers, markedAtMs }: { numbers: string; markedAtMs: number },
): Promise<Outcome<readonly MeetingAction[]>> {
  const items = await itemsOf(db, meeting.id)
  const actions: MeetingAction[] = []
  for (const wanted of numbers.split(',').map(plainNumber)) {
    const item = items.find(({ number }) => plainNumber(number) === wanted)
    if (!item) return refuse('ITEM_UNKNOWN', { message: `The agenda of ${meeting.slug} has no item ${wanted}.` })
    actions.push({ kind: 'item', mark: newId(), item: item.id, markedAtMs })
  }
  return { ok: true, value: actions }
}

async function pressed(deps: OperationsDeps, slug: string, plan: Plan): Promise<Outcome<CommandResult>> {
  const planned = await deps.catalog.read(async (db) => {
    const meeting = await meetingBySlug(db, slug)
    if (!meeting) return refuse('MEETING_NOT_FOUND', { message: `There is no meeting "${slug}".` })
    const actions = await plan(meeting, db)
    return actions.ok ? { ok: true as const, value: { meeting, actions: actions.value } } : actions
  })
  if (!planned.ok) return planned
  const { meeting, actions } = planned.value
  const atMs = nowOf(deps)
  let outcome: Outcome<CommandResult> = refuse('USAGE')
  for (const [index, action] of actions.entries()) {
    // One press, and yet in an order: a millisecond apart.
    const command = { id: newId<'command'>(), meeting: meeting.id, atMs: atMs + index, by: askedBy(deps), action }
    outcome = await send(deps, command, slug)
    if (!outcome.ok) return outcome
  }
  return outcome
}

/** Commands that say nothing about what may be captured. */
const notForLive: ReadonlySet<MeetingAction['kind']> = new Set(['publish', 'unpublish', 'cancel'])

// To both at once: neither a locked catalogue nor a dead *live* may hold up the other.
async function send(deps: OperationsDeps, command: Command, slug: string): Promise<Outcome<CommandResult>> {
  const { catalog } = deps
  const write = () => catalog.write((db) => applyCommand(db, command, 'operations'))
  if (notForLive.has(command.action.kind)) {
    const applied = await write()
    if (!applied.ok) return applied
    return { ok: true, value: { slug, state: applied.value.state, live: 'not-needed', catalogued: true } }
  }
  const writing = write()
  const [told, written] = await Promise.allSettled([tellLive(deps, command), soon(writing)])
  const live = told.status === 'fulfilled' ? told.value : refuse('LIVE_UNREACHABLE')
  if (written.status === 'fulfilled' && written.value !== 'late') return together(slug, live, written.value)
  // *live* has done it and tells the catalogue itself, under the same id; without it, only the catalogue is left.
  if (live.ok) return { ok: true, value: { slug, state: live.value.state, live: 'confirmed', catalogued: false } }
  return together(slug, live, await writing)
}

/** A person who presses waits no longer than this for a catalogue that somebody holds locked. */
const catalogueWaitMs = 2_000

async function soon<T>(work: Promise<T>): Promise<T | 'late'> {
  const over = new AbortController()
  const late = pause(catalogueWaitMs, 'late' as const, { signal: over.signal }).catch(() => 'late' as const)
  try {
    return await Promise.race([work, late])
  } finally {
    over.abort()
    // Whoever gave up waiting does not hear of its failure.
    work.catch(() => undefined)
  }
}

/** The catalogue's refusal holds for both; *live*'s refusal means that it has not done what the catalogue says. */
function together(
  slug: string,
  live: Outcome<{ state: MeetingState }>,
  catalogued: Outcome<Applied>,
): Outcome<CommandResult> {
  if (!catalogued.ok) return catalogued
  if (!live.ok && live.code !== 'LIVE_UNREACHABLE') return live
  const answer: LiveAnswer = live.ok ? 'confirmed' : 'unreachable'
  return { ok: true, value: { slug, state: catalogued.value.state, live: answer, catalogued: true } }
}

const acquaintanceTries = 20
const acquaintancePauseMs = 50

/** A meeting added a moment ago may be new to *live*: it is told to look, and asked again for up to a second. */
async function tellLive({ live }: OperationsDeps, command: Command): Promise<Outcome<{ state: MeetingState }>> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await live.command(command)
    if (answer.ok || answer.code !== 'MEETING_NOT_FOUND' || attempt === acquaintanceTries) return answer
    await live.directoryChanged()
    await pause(acquaintancePauseMs)
  }
}
