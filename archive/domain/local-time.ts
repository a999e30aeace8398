import { type Outcome, refuse } from '../core/errors.ts'

/** A wall-clock reading without an offset, `2026-11-22T19:30:00`; what it means depends on a zone. */
export type LocalTime = string

/** A planned time: what the invitation says, and the instant that this means in the zone. */
export interface PlannedTime {
  readonly local: LocalTime
  /** IANA name. */
  readonly zone: string
  readonly startMs: number
}

const isoPattern = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i

/**
 * Reads `2026-11-22T19:30` (local time of `zone`) or the same with an offset, which is converted to the zone.
 * Refuses with TIME_INVALID.
 */
export function plannedTime(text: string, zone: string): Outcome<PlannedTime> {
  const fields = isoPattern.exec(text.trim())
  if (!isZone(zone)) return refuse('TIME_INVALID', { message: `"${zone}" is not an IANA time zone.` })
  if (!fields) return refuse('TIME_INVALID', { message: `"${text}" is not a date and time.` })
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '00', offset] = fields
  const written = `${year}-${month}-${day}T${hour}:${minute}:${second}`
  const asUtcMs = Date.parse(`${written}Z`)
  // Date.parse lets the 31st of a short month overflow into the next one.
  if (Number.isNaN(asUtcMs) || isoOfUtc(asUtcMs) !== written) {
    return refuse('TIME_INVALID', { message: `"${text}" is not a date and time that exists.` })
  }
  const startMs = offset ? asUtcMs - offsetOf(offset) : instantOf(written, zone)
  return { ok: true, value: { local: localOf(startMs, zone), zone, startMs } }
}

/**
 * The instant of a local time. In the night when clocks go back the earlier of the two; in the hour that clocks skip, as
 * much later as was skipped (the reading that a clock not yet changed would have shown).
 */
export function instantOf(local: LocalTime, zone: string): number {
  const asUtcMs = Date.parse(`${local}Z`)
  const dayMs = 86_400_000
  const before = asUtcMs - zoneOffsetMs(asUtcMs - dayMs, zone)
  const after = asUtcMs - zoneOffsetMs(asUtcMs + dayMs, zone)
  const matching = [before, after].filter((instantMs) => localOf(instantMs, zone) === isoOfUtc(asUtcMs))
  return matching.length > 0 ? Math.min(...matching) : before
}

export function localOf(instantMs: number, zone: string): LocalTime {
  return isoOfUtc(instantMs + zoneOffsetMs(instantMs, zone))
}

/** ISO 8601 with the zone's offset at that instant: `2026-11-22T19:30:00+01:00`. */
export function isoWithOffset(instantMs: number, zone: string): string {
  const offsetMinutes = Math.round(zoneOffsetMs(instantMs, zone) / 60_000)
  const sign = offsetMinutes < 0 ? '-' : '+'
  const two = (value: number) => String(value).padStart(2, '0')
  const size = Math.abs(offsetMinutes)
  return `${localOf(instantMs, zone)}${sign}${two(Math.floor(size / 60))}:${two(size % 60)}`
}

/** `2026-11-22`. */
export function dateOf(local: LocalTime): string {
  return local.slice(0, 10)
}

export function isZone(zone: string): boolean {
  try {
    formatOf(zone)
    return true
  } catch {
    return false
  }
}

function isoOfUtc(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19)
}

function offsetOf(text: string): number {
  if (text.toUpperCase() === 'Z') return 0
  const digits = text.slice(1).replace(':', '')
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))
  return (text.startsWith('-') ? -minutes : minutes) * 60_000
}

// Making a formatter costs far more than using it.
const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  formats.set(zone, made)
  return made
}

function zoneOffsetMs(instantMs: number, zone: string): number {
  const wholeMs = Math.floor(instantMs / 1000) * 1000
  const part = Object.fromEntries(
    formatOf(zone)
      .formatToParts(wholeMs)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
  return Date.UTC(year, month - 1, day, hour, minute, second) - wholeMs
}
