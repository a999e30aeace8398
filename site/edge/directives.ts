import type { ReloadPosition } from '#archive/hls/low-latency.ts'

/** Delivery directives of a playlist request (draft-pantos-hls-rfc8216bis 6.2.5). */
export interface Directives {
  /** Null: the answer is not to wait. */
  readonly position: ReloadPosition | null
  /** Whether a delta update will do. */
  readonly skip: boolean
}

const none: Directives = { position: null, skip: false }

/** The directives of a request target; null when they make no sense: a part without a segment, something that is no number. */
export function directivesOf(target: string): Directives | null {
  const query = target.indexOf('?')
  if (query < 0) return none
  const values = new URLSearchParams(target.slice(query))
  const [msn, part] = [values.get('_HLS_msn'), values.get('_HLS_part')]
  const skip = values.has('_HLS_skip')
  if (msn === null) return part === null ? { position: null, skip } : null
  if (!isWhole(msn) || (part !== null && !isWhole(part))) return null
  return { position: { msn: Number(msn), part: part === null ? null : Number(part) }, skip }
}

const isWhole = (text: string) => /^\d{1,15}$/.test(text)
