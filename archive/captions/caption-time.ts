import { type CaptionsRefusal, refuseCaptions } from './cue.ts'

/** Hours may be missing; the fraction may be missing, short, or behind a comma (WebVTT 4.1, and SubRip as it is found). */
const timestamp = /^(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,9}))?$/

/** Milliseconds, or null when the text is no timestamp. */
export function readTimestamp(text: string): number | null {
  const match = timestamp.exec(text)
  if (!match) return null
  const [, hours = '0', minutes = '', seconds = '', fraction = ''] = match
  if (Number(minutes) > 59 || Number(seconds) > 59) return null
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'))
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + milliseconds
}

export interface Timing {
  readonly ok: true
  readonly startMs: number
  readonly endMs: number
}

export function hasArrow(line: string): boolean {
  return line.includes('-->')
}

/** Reads `START --> END settings`; settings are ignored. `line` is the number to complain about. */
export function readTiming(text: string, line: number): Timing | CaptionsRefusal {
  const arrow = text.indexOf('-->')
  const startText = text.slice(0, arrow).trim()
  const endText =
    text
      .slice(arrow + 3)
      .trim()
      .split(/\s/, 1)[0] ?? ''
  const startMs = readTimestamp(startText)
  if (startMs === null) return refuseCaptions(line, `"${excerpt(startText)}" is not a time such as 00:01:02.500`)
  const endMs = readTimestamp(endText)
  if (endMs === null) return refuseCaptions(line, `"${excerpt(endText)}" is not a time such as 00:01:02.500`)
  if (endMs < startMs) return refuseCaptions(line, `the caption ends (${endText}) before it starts (${startText})`)
  return { ok: true, startMs, endMs }
}

function excerpt(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}

/** `HH:MM:SS` and milliseconds behind `separator`; hours grow beyond two digits when they must. */
export function writeTimestamp(ms: number, separator: '.' | ','): string {
  const whole = Math.max(0, Math.round(ms))
  const two = (value: number) => String(value).padStart(2, '0')
  const hours = two(Math.floor(whole / 3_600_000))
  const minutes = two(Math.floor(whole / 60_000) % 60)
  const seconds = two(Math.floor(whole / 1000) % 60)
  return `${hours}:${minutes}:${seconds}${separator}${String(whole % 1000).padStart(3, '0')}`
}
