import type { Outcome } from '../../core/errors.ts'
import { type AgendaLine, readAgenda } from '../../domain/agenda-file.ts'
import type { MeetingState } from '../../domain/meeting-state.ts'
import type { MeetingView } from '../../domain/meeting-view.ts'
import type { CommandResult, Operations, PlainAction } from '../../operations/operations.ts'
import { answer, type CliCommand } from '../command.ts'
import type { CliContext } from '../context.ts'
import { flag, number, oneOf, positional, readText, required, text } from './options.ts'

const meetingAdd: CliCommand<CliContext> = {
  path: ['meeting', 'add'],
  summary: 'Plans a meeting, with its agenda.',
  options: {
    body: { type: 'string', help: 'BODY slug', required: true },
    title: { type: 'string', help: 'TITLE as the public reads it', required: true },
    at: { type: 'string', help: 'TIME ISO date and time; without an offset, local time of the zone', required: true },
    zone: { type: 'string', help: "ZONE IANA time zone; the town's when absent" },
    agenda: { type: 'string', help: 'FILE one item a line ("3.1 Title"), or CSV with number and title' },
    room: { type: 'string', help: "ROOM slug; the body's usual room when absent" },
    slug: { type: 'string', help: 'SLUG for its address; made from the date and the title when absent' },
    'auto-start': { type: 'boolean', help: 'starts by itself when the encoder is connected, from the planned time on' },
  },
  run: async ({ operations }, given) => {
    const agenda = agendaOf(text(given, 'agenda'))
    if (!agenda.ok) return agenda
    const timeZone = text(given, 'zone')
    const room = text(given, 'room')
    const slug = text(given, 'slug')
    const outcome = await (await operations()).addMeeting({
      body: required(given, 'body'),
      title: required(given, 'title'),
      at: required(given, 'at'),
      agenda: agenda.value,
      autoStart: flag(given, 'auto-start'),
      ...(timeZone && { timeZone }),
      ...(room && { room }),
      ...(slug && { slug }),
    })
    return answer(outcome, ({ slug: made, url, agenda: items }) => `added ${made} with ${items.length} items\n${url}`)
  },
}

function agendaOf(path: string | undefined): Outcome<readonly AgendaLine[]> {
  return path === undefined ? { ok: true, value: [] } : readAgenda(readText(path))
}

const meetingList: CliCommand<CliContext> = {
  path: ['meeting', 'list'],
  summary: 'Lists meetings.',
  options: {
    when: { type: 'string', help: 'WHEN open, upcoming or past; all when absent' },
    body: { type: 'string', help: 'BODY slug' },
  },
  run: async ({ operations }, given) => {
    const when = oneOf(given, 'when', ['open', 'upcoming', 'past'] as const)
    const body = text(given, 'body')
    const meetings = await (await operations()).listMeetings({
      audience: 'operator',
      ...(when && { when }),
      ...(body && { body }),
    })
    return {
      json: meetings,
      text: meetings.map((meeting) => `${meeting.slug}\t${meeting.state}\t${meeting.title}`).join('\n'),
    }
  },
}

const meetingShow: CliCommand<CliContext> = {
  path: ['meeting', 'show'],
  summary: 'Shows a meeting, its agenda and its chapters.',
  positionals: ['SLUG'],
  run: async ({ operations }, given) =>
    answer(await (await operations()).showMeeting(positional(given), 'operator'), describe),
}

function describe(meeting: MeetingView): string {
  const chapters = meeting.chapters.map(
    ({ startSeconds, number: item, title }) => `  ${startSeconds.toFixed(1).padStart(9)} s  ${item} ${title}`,
  )
  return [`${meeting.title} (${meeting.state})`, meeting.plannedAt, meeting.url, ...chapters].join('\n')
}

/** What each button is called, and what it does, in the order of an evening. */
const plain: readonly (readonly [PlainAction, string])[] = [
  ['start', 'Opens the meeting: from this press on it is public and recorded.'],
  ['closed', 'Begins a closed session: nothing is captured until a person resumes.'],
  ['resume', 'Goes on after a pause or a closed session.'],
  ['end', 'Ends the meeting.'],
  ['publish', 'Makes the replay public.'],
  ['unpublish', 'Takes the replay off the site.'],
  ['reopen', 'Goes on with a meeting that was ended too early, in the same recording.'],
  ['started-by-mistake', 'Puts the meeting back to waiting and deletes what was captured.'],
  ['cancel', 'Cancels a meeting that has not begun.'],
]

const plainCommands: readonly CliCommand<CliContext>[] = plain.map(([action, summary]) => ({
  path: ['meeting', action],
  summary,
  positionals: ['SLUG'],
  run: async ({ operations }, given) => ran((deps) => deps.command(positional(given), action), operations),
}))

const meetingPause: CliCommand<CliContext> = {
  path: ['meeting', 'pause'],
  summary: 'Pauses the meeting: nothing is captured until it resumes.',
  positionals: ['SLUG'],
  options: {
    until: { type: 'string', help: "TIME when it goes on, ISO; without an offset, local time of the meeting's zone" },
  },
  run: async ({ operations }, given) => ran((deps) => deps.pause(positional(given), text(given, 'until')), operations),
}

const meetingItem: CliCommand<CliContext> = {
  path: ['meeting', 'item'],
  summary: 'Says that an agenda item begins; several numbers with commas are treated together.',
  positionals: ['SLUG', 'NUMBER'],
  options: { ago: { type: 'string', help: 'SECONDS since it began, where the press comes late' } },
  run: async ({ operations }, given) => {
    const ago = number(given, 'ago', { min: 0, max: 86_400 })
    return ran((deps) => deps.item(positional(given), positional(given, 1), ago), operations)
  },
}

const meetingUndo: CliCommand<CliContext> = {
  path: ['meeting', 'undo'],
  summary: 'Takes back the last item press.',
  positionals: ['SLUG'],
  run: async ({ operations }, given) => ran((deps) => deps.undo(positional(given)), operations),
}

const meetingAdjourn: CliCommand<CliContext> = {
  path: ['meeting', 'adjourn'],
  summary: 'Adjourns the meeting to another day; it continues on the same page.',
  positionals: ['SLUG'],
  options: { to: { type: 'string', help: 'TIME ISO date and time of the continuation', required: true } },
  run: async ({ operations }, given) =>
    ran((deps) => deps.adjourn(positional(given), required(given, 'to')), operations),
}

const meetingMove: CliCommand<CliContext> = {
  path: ['meeting', 'move'],
  summary: 'Gives what was recorded to another meeting.',
  positionals: ['SLUG'],
  options: { to: { type: 'string', help: 'SLUG of the meeting that it belongs to', required: true } },
  run: async ({ operations }, given) =>
    answer(
      await (await operations()).moveToMeeting(positional(given), required(given, 'to')),
      ({ slug }) => `moved to ${slug}`,
    ),
}

async function ran(
  act: (operations: Operations) => Promise<Outcome<CommandResult>>,
  operations: () => Promise<Operations>,
) {
  return answer(await act(await operations()), ({ slug, state, live }) =>
    live === 'unreachable'
      ? `${slug} is ${state} in the catalogue, but the live process did not answer: ${pressAgain(state)}`
      : `${slug} is ${state}`,
  )
}

/** A live process that comes back goes by the more restrictive of what it remembers and what the catalogue says. */
function pressAgain(state: MeetingState): string {
  return state === 'live' ? 'press again when it is back.' : 'it will follow when it is back.'
}

const liveFeeds: CliCommand<CliContext> = {
  path: ['feeds'],
  summary: 'Shows what every room receives at this moment.',
  run: async ({ operations }) =>
    answer(await (await operations()).feeds(), (rooms) =>
      rooms
        .map(
          ({ slug, meeting, feed }) =>
            `${slug}\t${meeting ?? '-'}\t${feed?.connected ? `${feed.codec ?? '?'} ${feed.bitrateBps ?? '?'} bit/s` : 'no encoder'}${feed?.problem ? `\t${feed.problem.code}: ${feed.problem.message} ${feed.problem.hint}` : ''}`,
        )
        .join('\n'),
    ),
}

export const meetingCommands = [
  meetingAdd,
  meetingList,
  meetingShow,
  ...plainCommands,
  meetingPause,
  meetingItem,
  meetingUndo,
  meetingAdjourn,
  meetingMove,
  liveFeeds,
]
