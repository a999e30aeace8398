/** Sixteen readable bytes in every access unit of a counter feed: they survive packaging, files, logs and memory dumps. */
const prefix = 'HCMARK-'
const markerBytes = 16

export type MarkedKind = 'video' | 'audio'

/** `number` counts the feed's units of this kind from 0. */
export function markerOf(kind: MarkedKind, number: number): Buffer {
  return Buffer.from(`${prefix}${kind[0]}${String(number).padStart(markerBytes - prefix.length - 1, '0')}`, 'latin1')
}

/** The units whose markers are in the bytes, as `v17` or `a4`. */
export function unitsIn(bytes: Buffer): string[] {
  const found: string[] = []
  for (let at = bytes.indexOf(prefix); at >= 0; at = bytes.indexOf(prefix, at + prefix.length)) {
    const text = bytes.toString('latin1', at + prefix.length, at + markerBytes)
    if (/^[va]\d{8}$/.test(text)) found.push(`${text[0]}${Number(text.slice(1))}`)
  }
  return found
}

export function unitName(kind: MarkedKind, number: number): string {
  return `${kind[0]}${number}`
}

const seiNal = 6
const unregisteredUserData = 5
const uuid = Buffer.from('c3a9d1f07b5e4f1c9a6de2b48f3071aa', 'hex')
const stopBit = 0x80
const fillerNal = 12
/** So that a second of the feed is more than any buffer on its way holds. */
const fillerBytes = 3_000
const filler = Buffer.concat([Buffer.of(fillerNal), Buffer.alloc(fillerBytes, 0xff), Buffer.of(stopBit)])

/** The access unit with a user data SEI message in front and filler data behind (ITU-T H.264 D.1.7, 7.3.2.7). */
export function markedPicture(accessUnit: Uint8Array, number: number): Buffer {
  const payload = Buffer.concat([uuid, markerOf('video', number)])
  const nal = Buffer.concat([Buffer.of(seiNal, unregisteredUserData, payload.length), payload, Buffer.of(stopBit)])
  return Buffer.concat([withLength(nal), accessUnit, withLength(filler)])
}

function withLength(nal: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(nal.length)
  return Buffer.concat([length, nal])
}

/** ID_DSE, instance 0, data_byte_align_flag (ISO/IEC 14496-3 4.4.2.7). */
const dataStreamElement = 0b1000_0001

/** The raw AAC access unit with a data stream element in front: a whole number of bytes, so nothing behind it moves. */
export function markedSound(accessUnit: Uint8Array, number: number): Buffer {
  const marker = markerOf('audio', number)
  return Buffer.concat([Buffer.of(dataStreamElement, marker.length), marker, accessUnit])
}
