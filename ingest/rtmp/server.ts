import { createServer, type Server, type Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import logger from 'node-media-server/src/core/logger.js'
import type { Clock } from '#archive/core/clock.ts'
import type { HostPort } from '#archive/core/config.ts'
import type { ErrorCode } from '#archive/core/error-codes.ts'
import { type Refusal, reportOf } from '#archive/core/errors.ts'
import type { Log } from '#archive/core/log.ts'
import { Admission } from './admission.ts'
import type { KeyVerdict, PublishSession } from './publish-session.ts'
import { RtmpConnection } from './rtmp-connection.ts'
import { type RtmpLimits, type RtmpSettings, rtmpLimits } from './rtmp-limits.ts'

export interface RtmpServerOptions {
  readonly settings: RtmpSettings
  readonly clock: Clock
  readonly log: Log
  /** Synchronous, from memory: the reply to `publish` waits for nothing. */
  authenticate(key: string): KeyVerdict
  /**
   * A verified encoder, before it is told so. A refusal ends it with that reason; with null it publishes, and packets
   * go to the listener that was set here.
   */
  onSession(session: PublishSession): Refusal | null
}

export interface TlsFiles {
  /** PEM text, the whole chain. */
  readonly cert: string
  /** PEM text. */
  readonly key: string
}

export interface RtmpServer {
  /** Answers the port, which differs from the one asked for when that was 0. @throws the system's error. */
  listen(address: HostPort): Promise<number>
  /** The same over TLS (RTMPS). */
  listenTls(address: HostPort, tls: TlsFiles): Promise<number>
  /** Verified and still open. */
  sessions(): readonly PublishSession[]
  /** Open connections, verified or not. */
  connections(): number
  /** Ends every connection and stops listening. */
  close(): Promise<void>
}

const sweepMs = 100
/** A dead peer is noticed by the system after this plus its probes, even when nothing is sent. */
const keepAliveMs = 10_000

/** Ends that are the peer's failure to show a correct key, and so count against its address. */
const failures: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'INGEST_APP_UNKNOWN',
  'INGEST_KEY_UNKNOWN',
  'INGEST_KEY_REVOKED',
  'INGEST_PROTOCOL',
  'INGEST_BYTES_BEFORE_KEY',
  'INGEST_MEDIA_BEFORE_KEY',
  'INGEST_HANDSHAKE_TIMEOUT',
  'INGEST_PLAY_REFUSED',
])

export function createRtmpServer(options: RtmpServerOptions): RtmpServer {
  // Its messages carry stream names, which are keys.
  logger.log = () => {}
  return new EncoderServer(options)
}

class EncoderServer implements RtmpServer {
  readonly #options: RtmpServerOptions
  readonly #limits: RtmpLimits
  readonly #admission: Admission<RtmpConnection>
  readonly #connections = new Set<RtmpConnection>()
  readonly #servers = new Set<Server>()
  #sweep: NodeJS.Timeout | null = null

  constructor(options: RtmpServerOptions) {
    this.#options = options
    this.#limits = rtmpLimits(options.settings)
    this.#admission = new Admission(this.#limits)
  }

  listen(address: HostPort): Promise<number> {
    return this.#listen(address, (socket) => socket)
  }

  listenTls(address: HostPort, tls: TlsFiles): Promise<number> {
    const secureContext = createSecureContext({ ...tls, minVersion: 'TLSv1.2' })
    return this.#listen(address, (socket) => new TLSSocket(socket, { isServer: true, secureContext }))
  }

  sessions(): readonly PublishSession[] {
    return [...this.#connections].flatMap(({ publish }) => publish ?? [])
  }

  connections(): number {
    return this.#connections.size
  }

  async close(): Promise<void> {
    const stopped = [...this.#servers].map((server) => new Promise<void>((done) => server.close(() => done())))
    for (const connection of [...this.#connections]) connection.end('INGEST_STOPPING')
    await Promise.all(stopped)
    this.#servers.clear()
  }

  #listen({ host, port }: HostPort, wrap: (socket: Socket) => Socket): Promise<number> {
    const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveMs }, (socket) =>
      this.#take(socket, wrap),
    )
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen({ host, port }, () => {
        server.off('error', reject)
        // Such as running out of descriptors: the connections that are open go on.
        server.on('error', (error) => this.#options.log.error({ err: error }, 'rtmp listener failed'))
        this.#servers.add(server)
        const bound = server.address()
        resolve(typeof bound === 'object' && bound ? bound.port : port)
      })
    })
  }

  #take(socket: Socket, wrap: (socket: Socket) => Socket): void {
    const address = socket.remoteAddress
    if (address === undefined) {
      socket.destroy()
      return
    }
    // A TLS socket reports its own errors; those of the line below it end both.
    socket.on('error', () => {})
    const connection: RtmpConnection = new RtmpConnection(wrap(socket), address, {
      limits: this.#limits,
      clock: this.#options.clock,
      authenticate: (key) => this.#options.authenticate(key),
      accept: (publish) => {
        this.#admission.verified(connection)
        return this.#options.onSession(publish)
      },
      ended: (ended, code) => this.#ended(ended, code),
      silenced: () => this.#admission.overLimit(address, this.#options.clock.monotonicMs()),
      failed: (error) => this.#options.log.error({ ...reportOf(error), err: error }, 'feed listener failed'),
    })
    this.#admit(connection, address)
  }

  #admit(connection: RtmpConnection, address: string): void {
    this.#connections.add(connection)
    const verdict = this.#admission.enter(connection, address)
    if (verdict.admitted) verdict.evict?.cut('INGEST_CONNECTIONS_FULL')
    else connection.cut('INGEST_CONNECTIONS_FULL')
    if (this.#connections.size === 0) return
    this.#sweep ??= setInterval(() => {
      for (const open of this.#connections) open.checkDeadlines()
    }, sweepMs)
  }

  #ended(connection: RtmpConnection, code: ErrorCode | null): void {
    this.#connections.delete(connection)
    this.#admission.leave(connection)
    if (this.#connections.size === 0 && this.#sweep) {
      clearInterval(this.#sweep)
      this.#sweep = null
    }
    this.#report(connection, code)
  }

  /** Failures past the limit of an address are counted and no longer logged one by one. */
  #report(connection: RtmpConnection, code: ErrorCode | null): void {
    const { log } = this.#options
    const { remoteAddress, publish } = connection
    if (publish) {
      const { id, roomId, keyId } = publish
      log.info({ publishSession: id, room: roomId, keyId, remoteAddress, code }, 'encoder disconnected')
    } else if (code && failures.has(code)) {
      this.#countFailure(remoteAddress, code)
    } else if (code) {
      log.warn({ remoteAddress, code }, 'encoder refused')
    }
  }

  #countFailure(remoteAddress: string, code: ErrorCode): void {
    const { log, clock } = this.#options
    const nowMs = clock.monotonicMs()
    const count = this.#admission.failed(remoteAddress, nowMs)
    if (!this.#admission.overLimit(remoteAddress, nowMs)) log.warn({ remoteAddress, code }, 'encoder refused')
    else if (count === this.#limits.failuresPerMinute + 1) {
      log.warn({ remoteAddress, code: 'INGEST_TOO_MANY_FAILURES' }, 'further failures of this address are not logged')
    }
  }
}
