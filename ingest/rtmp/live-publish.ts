import type { Clock } from '#archive/core/clock.ts'
import type { ErrorCode } from '#archive/core/error-codes.ts'
import { type KeyId, newId, type PublishSessionId, type RoomId } from '#archive/core/ids.ts'
import type { FeedPacket } from '#archive/hls/feed.ts'
import { BitrateWindow } from './bitrate-window.ts'
import { type EncoderFacts, encoderFacts, encoderName, unknownEncoder } from './encoder-facts.ts'
import { audioPacket, videoMessage, videoPacket } from './flv-tag.ts'
import type { KeyGrant, PublishSession, PublishStats } from './publish-session.ts'
import type { RtmpLimits } from './rtmp-limits.ts'
import { TimestampUnroller } from './timestamp-unroller.ts'

export interface PublishLine {
  readonly clock: Clock
  readonly remoteAddress: string
  readonly secure: boolean
  /** `flashVer` of the peer's connect, unchecked. */
  readonly software: unknown
  end(code: ErrorCode): void
  failed(error: unknown): void
}

/** The verified half of a connection: FLV tags in, packets out, and what is known about them. */
export class LivePublish implements PublishSession {
  readonly id: PublishSessionId = newId()
  readonly keyId: KeyId
  readonly roomId: RoomId
  readonly backup: boolean
  readonly remoteAddress: string
  readonly secure: boolean
  readonly closed: Promise<ErrorCode | null>
  readonly #line: PublishLine
  readonly #unroller = new TimestampUnroller()
  readonly #bitrate: BitrateWindow
  readonly #sinceMs: number
  readonly #verifiedAtMs: number
  readonly #settle: (code: ErrorCode | null) => void
  #encoder: EncoderFacts
  #listener: (packet: FeedPacket) => void = () => {}
  #bytes = 0
  #lastMediaAtMs: number | null = null
  #heardAtMs: number
  #seen = { video: false, audio: false }
  #over = false

  constructor(grant: KeyGrant, line: PublishLine) {
    this.keyId = grant.keyId
    this.roomId = grant.roomId
    this.backup = grant.backup === true
    this.remoteAddress = line.remoteAddress
    this.secure = line.secure
    this.#line = line
    this.#sinceMs = line.clock.wallMs()
    this.#verifiedAtMs = line.clock.monotonicMs()
    this.#heardAtMs = this.#verifiedAtMs
    this.#bitrate = new BitrateWindow(this.#verifiedAtMs)
    this.#encoder = { ...unknownEncoder, name: encoderName(line.software) }
    const { promise, resolve } = Promise.withResolvers<ErrorCode | null>()
    this.closed = promise
    this.#settle = resolve
  }

  encoder(): EncoderFacts {
    return this.#encoder
  }

  stats(): PublishStats {
    return {
      bytes: this.#bytes,
      bitrateBps: this.#bitrate.observedBps(this.#line.clock.monotonicMs()),
      sinceMs: this.#sinceMs,
      lastMediaAtMs: this.#lastMediaAtMs,
    }
  }

  silentMs(): number {
    return this.#line.clock.monotonicMs() - this.#heardAtMs
  }

  onPacket(listener: (packet: FeedPacket) => void): void {
    this.#listener = listener
  }

  close(code: ErrorCode): void {
    this.#line.end(code)
  }

  /** The body is copied: it may be a view on a buffer that is reused. */
  media(type: number, timestamp: number, body: Uint8Array): void {
    const time = { dtsMs: this.#unroller.unroll(timestamp), arrivedAtMs: this.#line.clock.wallMs() }
    const packet = type === videoMessage ? videoPacket(body, time) : audioPacket(body, time)
    if (!packet || this.#over) return
    if (packet.kind === 'video' || packet.kind === 'audio') {
      this.#seen[packet.kind] = true
      this.#lastMediaAtMs = packet.arrivedAtMs
      this.#heardAtMs = this.#line.clock.monotonicMs()
    }
    this.#tell(packet)
    if (this.#over || !('codec' in packet) || packet.codec !== 'other') return
    this.close(packet.kind === 'video-config' ? 'INGEST_VIDEO_CODEC' : 'INGEST_AUDIO_CODEC')
  }

  metadata(message: Buffer): void {
    const facts = encoderFacts(message)
    if (facts) this.#encoder = { ...facts, name: facts.name ?? this.#encoder.name }
  }

  count(bytes: number): void {
    this.#bytes += bytes
    this.#bitrate.add(bytes, this.#line.clock.monotonicMs())
  }

  tooFast(limits: Pick<RtmpLimits, 'bitrateBps'>): boolean {
    return this.#bitrate.averageBps(this.#line.clock.monotonicMs()) > limits.bitrateBps
  }

  /** Why this session has to end by now, or null. A feed needs pictures; sound alone is not one. */
  overdue(limits: Pick<RtmpLimits, 'firstMediaMs' | 'idleMs'>): ErrorCode | null {
    if (!this.#seen.video && this.#line.clock.monotonicMs() - this.#verifiedAtMs >= limits.firstMediaMs) {
      return this.#seen.audio ? 'INGEST_VIDEO_MISSING' : 'INGEST_NO_MEDIA'
    }
    return this.silentMs() >= limits.idleMs ? 'INGEST_IDLE' : null
  }

  ended(code: ErrorCode | null): void {
    this.#over = true
    this.#listener = () => {}
    this.#settle(code)
  }

  #tell(packet: FeedPacket): void {
    try {
      this.#listener(packet)
    } catch (error) {
      this.#line.failed(error)
      this.close('INTERNAL')
    }
  }
}
