import { isId } from '../core/ids.ts'
import { isRenditionName } from '../hls/address.ts'
import type { JournalEvent } from '../hls/journal-event.ts'

export interface JournalReading {
  readonly events: readonly JournalEvent[]
  /** Length of the journal without a torn last line. */
  readonly wholeBytes: number
  /** Lines within the whole part that are not events. */
  readonly damagedLines: number
}

export function journalLine(event: JournalEvent): string {
  return `${JSON.stringify(event)}\n`
}

/** Reads a journal however it ends: a process may have been killed in the middle of its last line. */
export function parseJournal(bytes: Uint8Array): JournalReading {
  const wholeBytes = bytes.lastIndexOf(0x0a) + 1
  const lines = new TextDecoder().decode(bytes.subarray(0, wholeBytes)).split('\n').slice(0, -1)
  const read = lines.map(parseJournalLine)
  const events = read.filter((event) => event !== null)
  return { events, wholeBytes, damagedLines: read.length - events.length }
}

export function parseJournalLine(line: string): JournalEvent | null {
  try {
    const value: unknown = JSON.parse(line)
    return isJournalEvent(value) ? value : null
  } catch {
    return null
  }
}

type Fields = Readonly<Record<string, unknown>>

const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0
const isNumber = (value: unknown) => typeof value === 'number' && Number.isFinite(value)
const isIdText = (value: unknown) => typeof value === 'string' && isId(value)
const isRendition = (value: unknown) => typeof value === 'string' && isRenditionName(value)
const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null

/** What playlists, addresses and file names are made of is checked; ids and names reach the file system. */
const shapes: Readonly<Record<JournalEvent['type'], (of: Fields) => boolean>> = {
  recording: (of) => of.version === 1 && isIdText(of.recording) && typeof of.slug === 'string' && isNumber(of.atMs),
  span: (of) =>
    isIdText(of.span) &&
    isCount(of.index) &&
    isNumber(of.wallMs) &&
    isNumber(of.mediaStartMs) &&
    isRendition(of.master) &&
    Array.isArray(of.renditions) &&
    of.renditions.every(isSpec),
  init: (of) => isIdText(of.span) && isRendition(of.rendition) && isCount(of.sizeBytes),
  segment: (of) =>
    isIdText(of.span) &&
    isRendition(of.rendition) &&
    [of.n, of.startTicks, of.durationTicks, of.sizeBytes].every(isCount) &&
    typeof of.sha256 === 'string' &&
    Array.isArray(of.parts),
  gap: (of) => isIdText(of.span) && isRendition(of.rendition) && isCount(of.n) && isNumber(of.durationMs),
  'span-end': (of) => isIdText(of.span) && isNumber(of.durationMs) && typeof of.cause === 'string',
  slate: (of) =>
    isIdText(of.span) &&
    [of.index, of.fromNumber].every(isCount) &&
    typeof of.asset === 'string' &&
    isNumber(of.wallMs) &&
    Array.isArray(of.renditions) &&
    of.renditions.length > 0 &&
    of.renditions.every(isSpec),
  'slate-end': (of) => isIdText(of.span) && isCount(of.slots),
  numbers: (of) => isCount(of.upTo),
  ended: (of) => isNumber(of.atMs),
  reopened: (of) => isNumber(of.atMs),
}

function isSpec(value: unknown): boolean {
  if (!isObject(value) || !isRendition(value.name) || typeof value.codecs !== 'string') return false
  if (!isNumber(value.timescale) || (value.timescale as number) <= 0) return false
  return value.kind === 'audio' || (value.kind === 'video' && isCount(value.width) && isCount(value.height))
}

export function isJournalEvent(value: unknown): value is JournalEvent {
  if (!isObject(value) || typeof value.type !== 'string' || !Object.hasOwn(shapes, value.type)) return false
  return shapes[value.type as JournalEvent['type']](value)
}
