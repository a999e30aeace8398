import type { ItemId, MeetingId, RecordingId, SpanId } from '../core/ids.ts'
import type { MeetingState } from '../domain/meeting-state.ts'
import type { JournalEvent } from './journal-event.ts'
import type { RenditionName } from './packaging.ts'

/** `interrupted`: the meeting is live and no media arrives. */
export type FeedState = 'none' | 'connected' | 'interrupted'

/** Header of a frame from *live* to an edge. Applying one twice changes nothing. */
export type LiveMessage =
  | { readonly type: 'hello'; readonly version: 1; readonly recordings: readonly RecordingId[] }
  /** Everything that was known at connection has been sent; increments follow. */
  | { readonly type: 'synced' }
  /** The payload is the init section when `event.type` is `init`, empty otherwise. */
  | { readonly type: 'journal'; readonly recording: RecordingId; readonly event: JournalEvent }
  /** The payload is the part. */
  | {
      readonly type: 'part'
      readonly recording: RecordingId
      readonly span: SpanId
      readonly rendition: RenditionName
      readonly n: number
      readonly p: number
      readonly durationTicks: number
      readonly independent: boolean
    }
  /** The slate that the journal has begun has been shown for so many slots so far. */
  | { readonly type: 'slate'; readonly recording: RecordingId; readonly span: SpanId; readonly slots: number }
  | {
      readonly type: 'meeting'
      readonly meeting: MeetingId
      readonly slug: string
      readonly recording: RecordingId | null
      readonly state: MeetingState
      readonly feed: FeedState
      readonly item: ItemId | null
    }

export interface LiveFrame {
  readonly message: LiveMessage
  readonly payload: Uint8Array
}

/** Frame: header length (u32 big endian), payload length (u32 big endian), header as JSON, payload. */
export function encodeFrame(message: LiveMessage, payload: Uint8Array = new Uint8Array()): Buffer {
  const header = Buffer.from(JSON.stringify(message))
  const lengths = Buffer.alloc(8)
  lengths.writeUInt32BE(header.length, 0)
  lengths.writeUInt32BE(payload.length, 4)
  return Buffer.concat([lengths, header, payload])
}

/** Headers and payloads beyond this are a fault of the other side, not a reason to take all memory. */
const largestHeader = 1 << 20
const largestPayload = 64 << 20

/** Collects bytes and gives back whole frames. @throws RangeError when a length is beyond what a frame may have. */
export class FrameReader {
  #pending: Buffer = Buffer.alloc(0)

  push(bytes: Uint8Array): LiveFrame[] {
    this.#pending = this.#pending.length > 0 ? Buffer.concat([this.#pending, bytes]) : Buffer.from(bytes)
    const frames: LiveFrame[] = []
    for (;;) {
      const frame = this.#next()
      if (!frame) return frames
      frames.push(frame)
    }
  }

  #next(): LiveFrame | null {
    if (this.#pending.length < 8) return null
    const headerBytes = this.#pending.readUInt32BE(0)
    const payloadBytes = this.#pending.readUInt32BE(4)
    if (headerBytes > largestHeader || payloadBytes > largestPayload) throw new RangeError('frame too large')
    const end = 8 + headerBytes + payloadBytes
    if (this.#pending.length < end) return null
    const message = JSON.parse(this.#pending.toString('utf8', 8, 8 + headerBytes)) as LiveMessage
    const payload = this.#pending.subarray(8 + headerBytes, end)
    this.#pending = this.#pending.subarray(end)
    return { message, payload }
  }
}
