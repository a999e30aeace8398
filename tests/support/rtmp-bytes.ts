/** RTMP on the wire (Adobe RTMP 1.0) as far as tests write it, and FLV tag bodies to put into it. */

export type AmfValue = string | number | boolean | null | { readonly [name: string]: AmfValue }

export interface MessageOptions {
  readonly chunkSize?: number
  readonly stream?: number
  readonly timestampMs?: number
  /** Chunk stream id. */
  readonly chunkStream?: number
}

export function amfBytes(value: AmfValue): Buffer {
  if (value === null) return Buffer.of(5)
  if (typeof value === 'boolean') return Buffer.of(1, value ? 1 : 0)
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(9)
    bytes.writeDoubleBE(value, 1)
    return bytes
  }
  if (typeof value === 'string') return Buffer.concat([Buffer.of(2), amfName(value)])
  const members = Object.entries(value).flatMap(([name, member]) => [amfName(name), amfBytes(member)])
  return Buffer.concat([Buffer.of(3), ...members, Buffer.of(0, 0, 9)])
}

function amfName(text: string): Buffer {
  const bytes = Buffer.from(text)
  return Buffer.concat([Buffer.of(bytes.length >> 8, bytes.length & 0xff), bytes])
}

export function commandMessage(values: readonly AmfValue[], options: MessageOptions = {}): Buffer {
  return message(20, Buffer.concat(values.map(amfBytes)), { chunkStream: 3, ...options })
}

export function dataMessage(values: readonly AmfValue[], options: MessageOptions = {}): Buffer {
  return message(18, Buffer.concat(values.map(amfBytes)), { chunkStream: 4, ...options })
}

export function mediaMessage(type: 8 | 9, body: Uint8Array, options: MessageOptions = {}): Buffer {
  return message(type, body, { chunkStream: type === 9 ? 6 : 4, ...options })
}

/** SetChunkSize (1), WindowAcknowledgementSize (5) and the like: one number. */
export function controlMessage(type: number, value: number): Buffer {
  const body = Buffer.alloc(4)
  body.writeUInt32BE(value)
  return message(type, body, { chunkStream: 2 })
}

/** A whole message in chunks of type 0 and 3, with the extended timestamp in every chunk where it is needed (5.3.1.3). */
export function message(type: number, body: Uint8Array, options: MessageOptions = {}): Buffer {
  const { chunkSize = 128, stream = 0, timestampMs = 0, chunkStream = 3 } = options
  const time = timestampMs % 2 ** 32
  const extended = Buffer.alloc(time >= 0xffffff ? 4 : 0)
  if (extended.length > 0) extended.writeUInt32BE(time)
  const header = Buffer.alloc(12)
  header[0] = chunkStream
  header.writeUIntBE(Math.min(time, 0xffffff), 1, 3)
  header.writeUIntBE(body.length, 4, 3)
  header[7] = type
  header.writeUInt32LE(stream, 8)
  const chunks: Uint8Array[] = [header, extended, body.subarray(0, chunkSize)]
  for (let at = chunkSize; at < body.length; at += chunkSize) {
    chunks.push(Buffer.of(0xc0 | chunkStream), extended, body.subarray(at, at + chunkSize))
  }
  return Buffer.concat(chunks)
}

/** Everything an encoder sends, in one piece: it waits for no reply. */
export function conversation(streamKey: string, tags: readonly Buffer[]): Buffer {
  return Buffer.concat([
    Buffer.of(3),
    Buffer.alloc(3072, 0x11),
    commandMessage(['connect', 1, { app: 'live', tcUrl: 'rtmp://127.0.0.1/live', flashVer: 'test/1.0' }]),
    commandMessage(['releaseStream', 2, null, streamKey]),
    commandMessage(['createStream', 3, null]),
    commandMessage(['publish', 4, null, streamKey, 'live'], { stream: 1 }),
    controlMessage(5, 2_500_000),
    dataMessage(['@setDataFrame', 'onMetaData', { encoder: 'test', width: 640, height: 360 }], { stream: 1 }),
    ...tags,
  ])
}

/** AVCDecoderConfigurationRecord of High profile, level 3.1; its parameter sets are not decodable. */
export const avcConfig = Buffer.from('0164001fffe1000467640001010004686800ff', 'hex')
/** AAC-LC, 48 kHz, stereo. */
export const aacConfig = Buffer.from('1190', 'hex')

export function avcConfigTag(): Buffer {
  return Buffer.concat([Buffer.from('1700000000', 'hex'), avcConfig])
}

export function aacConfigTag(): Buffer {
  return Buffer.concat([Buffer.from('af00', 'hex'), aacConfig])
}

/** @param compositionMs signed, as FLV 10.1 E.4.3.1 has it. */
export function avcTag(data: Uint8Array, { keyframe = false, compositionMs = 0 } = {}): Buffer {
  const head = Buffer.alloc(5)
  head[0] = keyframe ? 0x17 : 0x27
  head[1] = 1
  head.writeIntBE(compositionMs, 2, 3)
  return Buffer.concat([head, data])
}

export function aacTag(data: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from('af01', 'hex'), data])
}

interface PartialMessage {
  type: number
  length: number
  pieces: Buffer
}

/** Reads what the server sends; enough for one that writes type 0 and 3 chunks. */
export class ChunkReader {
  #pending: Buffer = Buffer.alloc(0)
  #chunkSize = 128
  readonly #streams = new Map<number, PartialMessage>()

  push(bytes: Uint8Array): { type: number; payload: Buffer }[] {
    this.#pending = Buffer.concat([this.#pending, bytes])
    const whole: { type: number; payload: Buffer }[] = []
    for (;;) {
      const taken = this.#chunk(whole)
      if (taken === 0) return whole
      this.#pending = this.#pending.subarray(taken)
    }
  }

  #chunk(whole: { type: number; payload: Buffer }[]): number {
    const head = this.#pending[0]
    if (head === undefined) return 0
    const id = head & 0x3f
    const headerBytes = head >> 6 === 0 ? 12 : 1
    if (this.#pending.length < headerBytes) return 0
    const current = this.#streams.get(id)
    const stream =
      headerBytes === 12 || !current
        ? {
            type: this.#pending[7] ?? 0,
            length: this.#pending.readUIntBE(4, 3),
            pieces: Buffer.alloc(0),
            extended: false,
          }
        : current
    const size = Math.min(this.#chunkSize, stream.length - stream.pieces.length)
    if (this.#pending.length < headerBytes + size) return 0
    const pieces = Buffer.concat([stream.pieces, this.#pending.subarray(headerBytes, headerBytes + size)])
    this.#streams.set(id, { ...stream, pieces })
    if (pieces.length >= stream.length) {
      this.#streams.delete(id)
      if (stream.type === 1) this.#chunkSize = pieces.readUInt32BE(0)
      whole.push({ type: stream.type, payload: pieces })
    }
    return headerBytes + size
  }
}
