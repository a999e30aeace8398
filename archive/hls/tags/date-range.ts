import type { DateRange } from '../playlist.ts'
import { type Attributes, type AttributeValue, decimal, parseDecimal, writeAttributes } from './attribute-list.ts'

/** A date with milliseconds in UTC (4.4.4.6). */
export function writeDate(ms: number): string {
  return new Date(ms).toISOString()
}

/** UTC milliseconds, or null when `text` is no date. */
export function parseDate(text: string | undefined): number | null {
  const ms = text !== undefined && /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(ms) ? null : ms
}

/** EXT-X-DATERANGE (4.4.5.1). */
export function writeDateRange(range: DateRange): string {
  const client = Object.entries(range.client).map(([name, value]): readonly [string, AttributeValue] => [
    name,
    typeof value === 'number' ? decimal(value) : { quoted: value },
  ])
  return `#EXT-X-DATERANGE:${writeAttributes([
    ['ID', { quoted: range.id }],
    ['CLASS', range.class === null ? null : { quoted: range.class }],
    ['START-DATE', { quoted: writeDate(range.startMs) }],
    ['END-DATE', range.endMs === null ? null : { quoted: writeDate(range.endMs) }],
    ['DURATION', range.durationS === null ? null : decimal(range.durationS)],
    ...client,
  ])}`
}

/** Client attributes are read back as text: the format does not say which of them were quoted. */
export function parseDateRange(attributes: Attributes): DateRange | null {
  const id = attributes.get('ID')
  const startMs = parseDate(attributes.get('START-DATE'))
  if (id === undefined || startMs === null) return null
  return {
    id,
    class: attributes.get('CLASS') ?? null,
    startMs,
    endMs: parseDate(attributes.get('END-DATE')),
    durationS: parseDecimal(attributes.get('DURATION')),
    client: Object.fromEntries([...attributes].filter(([name]) => name.startsWith('X-'))),
  }
}
