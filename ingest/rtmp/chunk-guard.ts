import type Rtmp from 'node-media-server/src/protocol/rtmp.js'
import type { ErrorCode } from '#archive/core/error-codes.ts'

/** The peer broke the protocol, or asked for more than it may have: its connection ends. */
export class ProtocolViolation extends Error {
  override readonly name = 'ProtocolViolation'
  readonly code: ErrorCode

  constructor(message: string, code: ErrorCode = 'INGEST_PROTOCOL') {
    super(message)
    this.code = code
  }
}

export interface ChunkBounds {
  /** Largest message of this type, in bytes; 0 for media that may not come yet. */
  messageBytes(type: number): number
  /** Memory of all half-received messages together, in bytes. */
  totalBytes(): number
}

/** Encoders use four to eight of the 65,599 that the protocol allows (RTMP 1.0, 5.3.1.1). */
const chunkStreams = 32
const largestChunk = 0xffffff
const setChunkSize = 1
const windowAcknowledgementSize = 5
const turn = 2 ** 32

/**
 * Puts bounds around the parser's steps, which trust the peer: a message may not be restarted half-way (its length would
 * turn negative and the parser walk backwards), a chunk has at least one byte, a control message its four, and memory is
 * taken only within `bounds`. Every refusal is a thrown ProtocolViolation. Media is wiped once it was handed on.
 */
export function guardChunks(rtmp: Rtmp, bounds: ChunkBounds): void {
  const packetParse = rtmp.packetParse.bind(rtmp)
  const packetAlloc = rtmp.packetAlloc.bind(rtmp)
  const controlHandler = rtmp.controlHandler.bind(rtmp)
  const dataHandler = rtmp.dataHandler.bind(rtmp)

  rtmp.packetParse = () => {
    packetParse()
    if (rtmp.inPackets.size > chunkStreams) throw new ProtocolViolation('too many chunk streams')
    const { bytes, header } = rtmp.parserPacket
    if (bytes !== 0 && header.fmt !== 3) throw new ProtocolViolation('a message begins inside another')
  }

  rtmp.packetAlloc = () => {
    const packet = rtmp.parserPacket
    const { length, type } = packet.header
    const most = bounds.messageBytes(type)
    if (most === 0 && length > 0) throw new ProtocolViolation('media came too early', 'INGEST_MEDIA_BEFORE_KEY')
    if (length > most) throw new ProtocolViolation(`a message of type ${type} is too long`)
    const growth = Math.max(0, length - packet.payload.length)
    if (heldBytes(rtmp) + growth > bounds.totalBytes()) throw new ProtocolViolation('too much in unfinished messages')
    packetAlloc()
    // The parser adds up deltas without bound and drops whatever lies past 32 bits.
    packet.clock %= turn
  }

  rtmp.controlHandler = () => {
    const { header, payload } = rtmp.parserPacket
    const carriesNumber = header.type === setChunkSize || header.type === windowAcknowledgementSize
    if (carriesNumber && header.length < 4) throw new ProtocolViolation('a control message is too short')
    if (header.type === setChunkSize) {
      const size = payload.readUInt32BE(0)
      if (size < 1 || size > largestChunk) throw new ProtocolViolation('a chunk size is out of range')
    }
    controlHandler()
  }

  rtmp.dataHandler = () => {
    const { header, payload } = rtmp.parserPacket
    if (header.length === 0 || header.length > payload.length) return
    dataHandler()
    // The buffer is used again, and lives as long as the connection: nothing of a message stays in it.
    payload.fill(0, 0, header.length)
  }
}

function heldBytes(rtmp: Rtmp): number {
  let held = 0
  for (const packet of rtmp.inPackets.values()) held += packet.payload.length
  return held
}
