import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type AVPacket from 'node-media-server/src/core/avpacket.js'
import RtmpSession from 'node-media-server/src/session/rtmp_session.js'
import type { Clock } from '#archive/core/clock.ts'
import type { ErrorCode } from '#archive/core/error-codes.ts'
import { type Refusal, refuse } from '#archive/core/errors.ts'
import { guardChunks, ProtocolViolation } from './chunk-guard.ts'
import { audioMessage, dataMessage, videoMessage } from './flv-tag.ts'
import { LivePublish } from './live-publish.ts'
import type { KeyVerdict } from './publish-session.ts'
import { statusText, takeCommands } from './rtmp-commands.ts'
import type { RtmpLimits } from './rtmp-limits.ts'

const mib = 2 ** 20
const commandBytes = 65_536
const mediaBytes = 8 * mib
const heldBytes = 12 * mib
/** Replies are a few hundred bytes; an encoder that leaves this much unread is not reading. */
const unreadBytes = 65_536
/** For the last status message to reach the encoder before the socket is destroyed. */
const farewellMs = 250
const rtmpVersion = 3
const streamKeyPattern = /^[A-Za-z0-9_-]{1,128}$/

export interface ConnectionHost {
  readonly limits: RtmpLimits
  readonly clock: Clock
  authenticate(key: string): KeyVerdict
  /** The key is right; answers why the session is refused all the same, or null. */
  accept(publish: LivePublish): Refusal | null
  /** Whether failures of this address are past being answered. */
  silenced(): boolean
  /** Called once, at the end, whatever the end was. */
  ended(connection: RtmpConnection, code: ErrorCode | null): void
  /** Something of ours threw. */
  failed(error: unknown): void
}

/**
 * One socket from its first byte to its last: node-media-server reads the protocol, everything it would do with the
 * media is replaced before `run()`, so that no packet ever reaches its broadcasts and caches.
 */
export class RtmpConnection {
  readonly remoteAddress: string
  readonly #socket: Socket
  readonly #host: ConnectionHost
  readonly #session: RtmpSession
  readonly #openedAtMs: number
  #bytes = 0
  #acknowledgedBytes = 0
  #software: unknown = null
  #publish: LivePublish | null = null
  #ended = false

  constructor(socket: Socket, remoteAddress: string, host: ConnectionHost) {
    this.#socket = socket
    this.remoteAddress = remoteAddress
    this.#host = host
    this.#openedAtMs = host.clock.monotonicMs()
    this.#session = new RtmpSession(socket)
    // A megabyte for reading FLV files, which this session never does.
    this.#session.rtmp.flv.parserTagData = Buffer.alloc(0)
    this.#wire()
    this.#session.run()
  }

  get verified(): boolean {
    return this.#publish !== null
  }

  get publish(): LivePublish | null {
    return this.#publish
  }

  /** Ends what has been silent for too long. */
  checkDeadlines(): void {
    if (this.#ended) return
    const { limits, clock } = this.#host
    const overdue = this.#publish
      ? this.#publish.overdue(limits)
      : clock.monotonicMs() - this.#openedAtMs >= limits.handshakeMs
        ? 'INGEST_HANDSHAKE_TIMEOUT'
        : null
    if (overdue) this.end(overdue)
  }

  /** Ends the connection for a reason the encoder is told, or, with null, because the encoder has finished. */
  end(code: ErrorCode | null, refusal: Refusal | null = code && refuse(code)): void {
    if (this.#ended) return
    if (refusal && !this.#publish && this.#host.silenced()) {
      this.cut(code)
      return
    }
    if (refusal) this.#sayFarewell(refusal)
    this.#finish(code)
    this.#socket.end()
    const farewell = setTimeout(() => this.#socket.destroy(), farewellMs)
    this.#socket.once('close', () => clearTimeout(farewell))
  }

  /** Ends it without a word. */
  cut(code: ErrorCode | null): void {
    if (this.#ended) return
    this.#finish(code)
    this.#socket.destroy()
  }

  #wire(): void {
    const session = this.#session
    guardChunks(session.rtmp, {
      messageBytes: (type) => this.#messageBytes(type),
      totalBytes: () => (this.#publish ? heldBytes : this.#host.limits.unverifiedBytes),
    })
    takeCommands(session.rtmp, {
      connect: (app, software) => {
        this.#software = software
        return app === 'live' ? null : refuse('INGEST_APP_UNKNOWN')
      },
      rejected: ({ code }) => this.end(code, null),
      play: () => this.end('INGEST_PLAY_REFUSED'),
      finish: () => {
        if (this.#publish) this.cut(null)
      },
    })
    let streamKey = ''
    session.onConnect = (request) => {
      streamKey = request.name.trim()
    }
    session.onPush = () => {
      this.#push(streamKey)
      streamKey = ''
      session.rtmp.streamName = ''
      session.rtmp.streamQuery = {}
    }
    session.onPlay = () => this.end('INGEST_PLAY_REFUSED')
    session.onOutput = (bytes) => this.#write(bytes)
    session.onPacket = (packet) => this.#take(packet)
    session.onData = (bytes) => this.#receive(bytes)
    session.onClose = () => this.#finish(null)
    // 'close' follows, and is where the connection ends.
    session.onError = () => {}
  }

  #messageBytes(type: number): number {
    if (type !== audioMessage && type !== videoMessage) return commandBytes
    return this.#publish ? mediaBytes : 0
  }

  #receive(bytes: Buffer): void {
    if (this.#ended) return
    const fault = this.#faultOf(bytes) ?? this.#parse(bytes)
    // What a shut gate drops must not lie about in memory: the parser has copied what it wanted.
    bytes.fill(0)
    if (fault) {
      this.cut(fault)
      return
    }
    this.#publish?.count(bytes.length)
    if (this.#publish?.tooFast(this.#host.limits)) this.end('INGEST_BITRATE')
  }

  #faultOf(bytes: Buffer): ErrorCode | null {
    const version = this.#bytes === 0 ? bytes[0] : rtmpVersion
    this.#bytes += bytes.length
    if (version !== rtmpVersion) return 'INGEST_PROTOCOL'
    const unverified = this.#publish === null
    return unverified && this.#bytes > this.#host.limits.unverifiedBytes ? 'INGEST_BYTES_BEFORE_KEY' : null
  }

  /** The parser has no checks of its own: whatever it throws, the input was at fault. */
  #parse(bytes: Buffer): ErrorCode | null {
    try {
      this.#session.rtmp.parserData(bytes)
      this.#acknowledge()
      return null
    } catch (error) {
      return error instanceof ProtocolViolation ? error.code : 'INGEST_PROTOCOL'
    }
  }

  #push(streamKey: string): void {
    if (this.#ended) return
    if (this.#publish) {
      this.end('INGEST_PUBLISH_TWICE')
      return
    }
    try {
      const refusal = this.#decide(streamKey)
      if (refusal) this.end(refusal.code, refusal)
      else this.#status('status', 'NetStream.Publish.Start', 'Publishing.')
    } catch (error) {
      this.#host.failed(error)
      this.end('INTERNAL')
    }
  }

  #decide(streamKey: string): Refusal | null {
    if (!streamKeyPattern.test(streamKey)) return refuse('INGEST_KEY_UNKNOWN')
    const verdict = this.#host.authenticate(streamKey)
    if (!verdict.ok) return verdict
    const publish = new LivePublish(verdict, {
      clock: this.#host.clock,
      remoteAddress: this.remoteAddress,
      secure: this.#socket instanceof TLSSocket,
      software: this.#software,
      end: (code) => this.end(code),
      failed: (error) => this.#host.failed(error),
    })
    this.#publish = publish
    return this.#host.accept(publish)
  }

  /** Copies what is kept: the packet's buffer is the parser's, and longer than the packet. */
  #take(packet: AVPacket): void {
    if (this.#ended) return
    if (!this.#publish) throw new ProtocolViolation('media came too early', 'INGEST_MEDIA_BEFORE_KEY')
    const type = packet.codec_type
    const body = packet.data.subarray(0, packet.size)
    if (type === videoMessage || type === audioMessage) this.#publish.media(type, packet.dts, body)
    else if (type === dataMessage) this.#publish.metadata(body)
  }

  #write(bytes: Buffer): void {
    if (this.#ended || !this.#socket.writable) return
    this.#socket.write(bytes)
    if (this.#socket.writableLength > unreadBytes) this.cut('INGEST_PROTOCOL')
  }

  /** RTMP 1.0, 5.4.3: node-media-server stores the window the peer asked for and never acknowledges. */
  #acknowledge(): void {
    const window = Math.max(this.#session.rtmp.ackSize ?? 0, unreadBytes)
    if (this.#session.rtmp.ackSize === undefined || this.#bytes - this.#acknowledgedBytes < window) return
    this.#acknowledgedBytes = this.#bytes
    this.#session.rtmp.sendACK(this.#bytes % 2 ** 32)
  }

  #sayFarewell(refusal: Refusal): void {
    if (this.#session.rtmp.streamId === undefined) return
    const code = this.#publish ? 'NetStream.Publish.Failed' : 'NetStream.Publish.BadName'
    this.#status('error', code, statusText(refusal))
  }

  #status(level: 'status' | 'error', code: string, text: string): void {
    this.#session.rtmp.sendStatusMessage(this.#session.rtmp.streamId ?? 0, level, code, text)
  }

  #finish(code: ErrorCode | null): void {
    if (this.#ended) return
    this.#ended = true
    this.#publish?.ended(code)
    this.#host.ended(this, code)
  }
}
