import type { ByteSpan } from '#archive/storage/media-store.ts'

/**
 * What a Range header asks of `sizeBytes` bytes (RFC 9110 14.2): the span, `all` when there is none or it is of a kind that
 * may be ignored (other units, several ranges, bad syntax), `unsatisfiable` when it lies past the end.
 */
export function rangeOf(header: string | undefined, sizeBytes: number): ByteSpan | 'all' | 'unsatisfiable' {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '')
  const [, from = '', to = ''] = match ?? []
  if (!match || (from === '' && to === '')) return 'all'
  if (from === '') {
    const length = Math.min(Number(to), sizeBytes)
    return length === 0 ? 'unsatisfiable' : { first: sizeBytes - length, last: sizeBytes - 1 }
  }
  const first = Number(from)
  if (to !== '' && Number(to) < first) return 'all'
  if (first >= sizeBytes) return 'unsatisfiable'
  return { first, last: to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1) }
}
