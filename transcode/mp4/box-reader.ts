import { AppError } from '#archive/core/errors.ts'

export interface Mp4Box {
  readonly type: string
  /** Where the box begins in the bytes given, its header included. */
  readonly start: number
  readonly size: number
  readonly payload: Uint8Array
}

export interface BoxHeader {
  readonly type: string
  readonly size: number
  readonly headerSize: number
}

/** No frame of any ladder comes near it; beyond it memory is being wasted on nonsense. */
export const largestBox = 64 * 1024 * 1024

/**
 * Header of the box at `at`, or null when more bytes are needed to tell (ISO/IEC 14496-12 4.2.2).
 * @throws AppError MP4_MALFORMED for a size that cannot be, MP4_BOX_TOO_LARGE above `largestBox`.
 */
export function readBoxHeader(bytes: Uint8Array, at = 0): BoxHeader | null {
  if (bytes.length - at < 8) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, bytes.length - at)
  const type = String.fromCharCode(view.getUint8(4), view.getUint8(5), view.getUint8(6), view.getUint8(7))
  const compact = view.getUint32(0)
  if (compact === 1 && view.byteLength < 16) return null
  const headerSize = compact === 1 ? 16 : 8
  const size = compact === 1 ? view.getUint32(8) * 2 ** 32 + view.getUint32(12) : compact
  if (size < headerSize) throw new AppError('MP4_MALFORMED', { message: `A box has the impossible size ${size}.` })
  if (size > largestBox) throw new AppError('MP4_BOX_TOO_LARGE', { message: `A box claims ${size} bytes.` })
  return { type, size, headerSize }
}

/**
 * The boxes that fill `bytes`.
 * @throws AppError MP4_MALFORMED when the last one is cut off; see `readBoxHeader`.
 */
export function readBoxes(bytes: Uint8Array): Mp4Box[] {
  const boxes: Mp4Box[] = []
  let at = 0
  while (at < bytes.length) {
    const header = readBoxHeader(bytes, at)
    if (!header || at + header.size > bytes.length) {
      throw new AppError('MP4_MALFORMED', { message: 'A box ends beyond the one that holds it.' })
    }
    const payload = bytes.subarray(at + header.headerSize, at + header.size)
    boxes.push({ type: header.type, start: at, size: header.size, payload })
    at += header.size
  }
  return boxes
}

/** Payload of the first box along `path` (for instance `['mdia', 'mdhd']`), or null. */
export function findBox(bytes: Uint8Array, path: readonly string[]): Uint8Array | null {
  const [type, ...rest] = path
  if (type === undefined) return bytes
  const found = readBoxes(bytes).find((candidate) => candidate.type === type)
  return found ? findBox(found.payload, rest) : null
}
