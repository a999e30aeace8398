import { type IncidentView, incidentCsv, type Noticed } from '../../domain/incident-log.ts'
import type { AlarmView } from '../../operations/operations.ts'
import { answer, type CliCommand } from '../command.ts'
import type { CliContext } from '../context.ts'
import { flag, positional } from './options.ts'

const noticedBy: Readonly<Record<Noticed, string>> = {
  'stream-monitor': 'noticed in the published stream',
  'live-process': 'noticed where the feed arrives',
}

const incidents: CliCommand<CliContext> = {
  path: ['incidents'],
  summary: 'Prints the incident log of a meeting: what, from, to, how it was noticed, whether viewers were told.',
  positionals: ['SLUG'],
  options: { csv: { type: 'boolean', help: 'prints a table for a spreadsheet' } },
  run: async ({ operations }, given) =>
    answer(await (await operations()).incidents(positional(given)), (log) =>
      flag(given, 'csv') ? incidentCsv(log).trimEnd() : log.map(describe).join('\n'),
    ),
}

function describe({ from, to, code, what, detail, noticed, told, acknowledged }: IncidentView): string {
  return [
    `${from} – ${to ?? 'still going on'}  ${code}`,
    `  ${what}${detail === '' ? '' : ` (${detail})`}`,
    `  ${noticedBy[noticed]}; ${told === null ? 'viewers were not told' : `viewers were told at ${told}`}`,
    ...(acknowledged ? [`  acknowledged at ${acknowledged.at} by ${acknowledged.by}`] : []),
  ].join('\n')
}

const alarms: CliCommand<CliContext> = {
  path: ['alarms'],
  summary: 'Lists what is wrong with published streams at this moment.',
  run: async ({ operations }) => {
    const standing = await (await operations()).alarms()
    return { json: standing, text: standing.map(describeAlarm).join('\n') }
  },
}

function describeAlarm({ id, meeting, code, what, todo, since, told, acknowledged }: AlarmView): string {
  const known = acknowledged ? `acknowledged by ${acknowledged.by}` : told ? 'viewers are told' : 'viewers are not told'
  return [`${id}  ${meeting}  ${code} since ${since}; ${known}`, `  ${what} ${todo}`].join('\n')
}

const acknowledge: CliCommand<CliContext> = {
  path: ['alarm', 'ack'],
  summary: 'Says that somebody takes care of an alarm: viewers are not told, or no longer.',
  positionals: ['ID'],
  run: async ({ operations }, given) =>
    answer(
      await (await operations()).acknowledgeAlarm(positional(given)),
      ({ code, meeting }) => `acknowledged ${code} of ${meeting}`,
    ),
}

export const incidentCommands = [incidents, alarms, acknowledge]
