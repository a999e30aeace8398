import { type ErrorCode, errorCodes } from '../core/error-codes.ts'
import { writeCsv } from './csv-text.ts'
import { isStreamFault } from './stream-fault.ts'

/** Who noticed an incident: the monitor of the published stream, or the process that takes the feed in. */
export type Noticed = 'stream-monitor' | 'live-process'

/** One line of a meeting's incident log; times are ISO 8601 UTC. */
export interface IncidentView {
  readonly id: string
  readonly code: string
  /** The code in one sentence. */
  readonly what: string
  readonly detail: string
  readonly from: string
  /** Null while it lasts. */
  readonly to: string | null
  readonly durationSeconds: number | null
  readonly noticed: Noticed
  /** When viewers began to be told; null when they were not. */
  readonly told: string | null
  readonly acknowledged: { readonly at: string; readonly by: string } | null
}

/** What was written down of an incident; times are WallTime. */
export interface IncidentFacts {
  readonly id: string
  readonly code: string
  readonly detail: string
  readonly openedAtMs: number
  readonly closedAtMs: number | null
}

/** What became of the alarm that an incident belongs to. */
export interface AlarmFacts {
  readonly toldAtMs: number | null
  readonly acknowledged: { readonly atMs: number; readonly by: string } | null
}

/** The page says by itself that a meeting is interrupted or paused, from the beginning of these on. */
const toldByState: readonly string[] = [
  'FEED_INTERRUPTED',
  'FEED_GONE_LONG',
  'ROOM_SILENT_LONG',
  'LIVE_RESTARTED',
] satisfies ErrorCode[]

export function incidentView(incident: IncidentFacts, alarm: AlarmFacts | null): IncidentView {
  const { id, code, detail, openedAtMs, closedAtMs } = incident
  const told = toldByState.includes(code) ? openedAtMs : (alarm?.toldAtMs ?? null)
  const acknowledged = alarm?.acknowledged ?? null
  return {
    ...{ id, code, what: sentenceOf(code), detail, from: iso(openedAtMs) },
    to: closedAtMs === null ? null : iso(closedAtMs),
    durationSeconds: closedAtMs === null ? null : (closedAtMs - openedAtMs) / 1000,
    noticed: alarm || isStreamFault(code) ? 'stream-monitor' : 'live-process',
    told: told === null ? null : iso(told),
    acknowledged: acknowledged && { at: iso(acknowledged.atMs), by: acknowledged.by },
  }
}

/** The summary of a code; the code itself where this version does not know it. */
export function sentenceOf(code: string): string {
  return code in errorCodes ? errorCodes[code as ErrorCode].summary : code
}

const columns = ['from', 'to', 'durationSeconds', 'code', 'what', 'detail', 'noticed', 'told'] as const

/** For a spreadsheet and a signature: one row an incident, a header first (RFC 4180). */
export function incidentCsv(incidents: readonly IncidentView[]): string {
  const rows = incidents.map((incident) => columns.map((column) => String(incident[column] ?? '')))
  return writeCsv([[...columns], ...rows])
}

function iso(wallMs: number): string {
  return new Date(wallMs).toISOString()
}
