import type { ByteRange, MediaMap } from '../playlist.ts'
import { type Attributes, parseInteger, writeAttributes } from './attribute-list.ts'

/** `<n>[@<o>]` of EXT-X-BYTERANGE and the BYTERANGE attributes (4.4.4.2). */
export function writeByteRange(range: ByteRange): string {
  return range.offsetBytes === null ? `${range.lengthBytes}` : `${range.lengthBytes}@${range.offsetBytes}`
}

export function parseByteRange(text: string | undefined): ByteRange | null {
  const [length, offset, ...rest] = (text ?? '').split('@')
  const lengthBytes = parseInteger(length)
  const offsetBytes = parseInteger(offset)
  if (lengthBytes === null || rest.length > 0 || (offset !== undefined && offsetBytes === null)) return null
  return { lengthBytes, offsetBytes }
}

/** EXT-X-MAP (4.4.4.5). */
export function writeMap(map: MediaMap): string {
  return `#EXT-X-MAP:${writeAttributes([
    ['URI', { quoted: map.uri }],
    ['BYTERANGE', map.byteRange && { quoted: writeByteRange(map.byteRange) }],
  ])}`
}

export function parseMap(attributes: Attributes): MediaMap | null {
  const uri = attributes.get('URI')
  return uri === undefined ? null : { uri, byteRange: parseByteRange(attributes.get('BYTERANGE')) }
}
