/** Seconds of MediaTime as people read them: `4:05`, `1:02:03`. */
export function timecode(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const two = (value: number) => String(value).padStart(2, '0')
  const minutes = Math.floor(whole / 60) % 60
  const hours = Math.floor(whole / 3600)
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`
}

/** Seconds as an ISO 8601 duration, for `<time datetime>`. */
export function isoDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  return `PT${Math.floor(whole / 3600)}H${Math.floor(whole / 60) % 60}M${whole % 60}S`
}

/** Longest position a link may name: a week, beyond any meeting. */
const longestSeconds = 7 * 86_400

/** Reads `?t=`: seconds (`75`, `75.5`) or what people type (`1:15`, `1h2m3s`); null when it is neither. */
export function readPosition(text: string | null): number | null {
  if (text === null) return null
  const seconds = plainSeconds(text) ?? colonSeconds(text) ?? letterSeconds(text)
  return seconds === null || seconds > longestSeconds ? null : seconds
}

function plainSeconds(text: string): number | null {
  return /^\d{1,6}(?:\.\d{1,3})?$/.test(text) ? Number(text) : null
}

function colonSeconds(text: string): number | null {
  if (!/^\d{1,3}(?::[0-5]?\d){1,2}$/.test(text)) return null
  return text.split(':').reduce((total, part) => total * 60 + Number(part), 0)
}

function letterSeconds(text: string): number | null {
  const match = /^(?:(\d{1,3})h)?(?:(\d{1,3})m)?(?:(\d{1,5})s)?$/.exec(text)
  if (!match || text === '') return null
  const [, hours = '0', minutes = '0', seconds = '0'] = match
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
}

/** The link to a moment; whole seconds, rounded down so that the first word is never cut off. */
export function momentPath(path: string, seconds: number): string {
  return `${path}?t=${Math.max(0, Math.floor(seconds))}`
}
