import { type Language, regionOf } from './locale.ts'

/** A moment (ISO 8601 with offset) and the IANA zone it is told in. */
export interface ZonedMoment {
  readonly at: string
  readonly timeZone: string
}

function format(moment: ZonedMoment, language: Language, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(regionOf(language), { ...options, timeZone: moment.timeZone }).format(
    new Date(moment.at),
  )
}

/** `maandag 24 november 2025`. */
export function longDate(moment: ZonedMoment, language: Language): string {
  return format(moment, language, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
}

/** `19:30`, on a 24-hour clock in every language. */
export function clockTime(moment: ZonedMoment, language: Language): string {
  return format(moment, language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
}

export interface DateTile {
  readonly day: string
  readonly month: string
  readonly weekday: string
}

/** The parts of a calendar leaf. */
export function dateTile(moment: ZonedMoment, language: Language): DateTile {
  return {
    day: format(moment, language, { day: 'numeric' }).replace(/\D/g, ''),
    month: format(moment, language, { month: 'short' }).replace(/\.$/, ''),
    weekday: format(moment, language, { weekday: 'short' }).replace(/\.$/, ''),
  }
}

/** `1 u 23 min`, by the language's own short unit names. */
export function durationWords(seconds: number, language: Language): string {
  const minutes = Math.max(1, Math.round(seconds / 60))
  const unit = (value: number, name: 'hour' | 'minute') =>
    new Intl.NumberFormat(regionOf(language), { style: 'unit', unit: name, unitDisplay: 'short' }).format(value)
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  if (hours === 0) return unit(minutes, 'minute')
  return rest === 0 ? unit(hours, 'hour') : `${unit(hours, 'hour')} ${unit(rest, 'minute')}`
}
