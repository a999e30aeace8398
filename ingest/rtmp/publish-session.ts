import type { ErrorCode } from '#archive/core/error-codes.ts'
import type { Refusal } from '#archive/core/errors.ts'
import type { KeyId, PublishSessionId, RoomId } from '#archive/core/ids.ts'
import type { FeedPacket } from '#archive/hls/feed.ts'
import type { EncoderFacts } from './encoder-facts.ts'

/** What a stream key opens; `backup` marks a room's second encoder. */
export interface KeyGrant {
  readonly ok: true
  readonly keyId: KeyId
  readonly roomId: RoomId
  readonly backup?: boolean
}
export type KeyVerdict = KeyGrant | Refusal

export interface PublishStats {
  /** Everything received on the connection. */
  readonly bytes: number
  /** Over the last five seconds. */
  readonly bitrateBps: number
  /** WallTime of the key's verification. */
  readonly sinceMs: number
  /** WallTime of the last picture or sound; null before the first. */
  readonly lastMediaAtMs: number | null
}

/** One encoder connection whose key was verified. */
export interface PublishSession {
  readonly id: PublishSessionId
  readonly keyId: KeyId
  readonly roomId: RoomId
  readonly backup: boolean
  readonly remoteAddress: string
  /** Over TLS. */
  readonly secure: boolean
  /** Settles when the session ends: with the reason when we ended it, null when the encoder or the line did. */
  readonly closed: Promise<ErrorCode | null>
  encoder(): EncoderFacts
  stats(): PublishStats
  /** Milliseconds without picture or sound, by the monotonic clock, counted from the verification. */
  silentMs(): number
  /** Every packet from here on, in order of arrival, synchronously. One listener; a later one replaces it. */
  onPacket(listener: (packet: FeedPacket) => void): void
  /** Tells the encoder why, as far as it listens, and cuts the connection; no packet follows. */
  close(code: ErrorCode): void
}
