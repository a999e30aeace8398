import { once } from 'node:events'
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import amf from 'node-media-server/src/protocol/amf.js'
import { type AmfValue, ChunkReader, commandMessage, controlMessage, dataMessage, mediaMessage } from './rtmp-bytes.ts'

export interface RtmpReply {
  readonly name: string
  readonly transaction: number
  /** `NetStream.Publish.Start` and the like; empty when the reply has none. */
  readonly code: string
  readonly description: string
}

const handshakeBytes = 1 + 1536 + 1536
const replyDeadlineMs = 5_000

/** An encoder in a few lines: handshake, connect, publish, tags at given timestamps. It never retries. */
export class RtmpClient {
  readonly socket: Socket
  readonly replies: RtmpReply[] = []
  /** Settles when the connection is gone, whoever ended it. */
  readonly closed: Promise<void>
  readonly #reader = new ChunkReader()
  #transaction = 0
  #waiting: (() => void)[] = []

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('error', () => {})
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()))
    void this.closed.then(() => this.#wake())
  }

  /** Connects and completes the simple handshake (RTMP 1.0, 5.2). */
  static async open(port: number, { tls = false } = {}): Promise<RtmpClient> {
    const socket = await RtmpClient.dial(port, tls)
    const client = new RtmpClient(socket)
    socket.write(Buffer.concat([Buffer.of(3), Buffer.alloc(1536, 0x11)]))
    await client.#shakeHands()
    return client
  }

  static async dial(port: number, tls = false): Promise<Socket> {
    const socket = tls
      ? connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false })
      : connectTcp({ port, host: '127.0.0.1' })
    await once(socket, tls ? 'secureConnect' : 'connect')
    return socket
  }

  /** Opens, connects to the application and publishes; the reply tells whether it was accepted. */
  static async publish(port: number, streamKey: string, { app = 'live', tls = false } = {}): Promise<PublishAttempt> {
    const client = await RtmpClient.open(port, { tls })
    client.write(controlMessage(1, 4096))
    client.chunkSize = 4096
    const connected = await client.call('connect', { app, tcUrl: `rtmp://127.0.0.1/${app}`, flashVer: 'test/1.0' })
    if (connected?.name !== '_result') return { client, reply: connected }
    await client.call('createStream', null)
    return { client, reply: await client.requestPublish(streamKey) }
  }

  chunkSize = 128

  /** Sends a command and waits for its `_result` or `_error`; null when the connection ends first. */
  async call(name: string, ...values: AmfValue[]): Promise<RtmpReply | null> {
    const transaction = ++this.#transaction
    this.write(commandMessage([name, transaction, ...values], { chunkSize: this.chunkSize }))
    return this.#reply((reply) => reply.transaction === transaction && reply.name !== 'onStatus')
  }

  /** Asks to publish on stream 1 and waits for the status; null when the connection ends first. */
  async requestPublish(streamKey: string): Promise<RtmpReply | null> {
    const seen = this.replies.length
    const values = ['publish', ++this.#transaction, null, streamKey, 'live']
    this.write(commandMessage(values, { chunkSize: this.chunkSize, stream: 1 }))
    return this.#reply((reply) => reply.name === 'onStatus' && this.replies.indexOf(reply) >= seen)
  }

  send(name: string, ...values: AmfValue[]): void {
    this.write(commandMessage([name, ++this.#transaction, ...values], { chunkSize: this.chunkSize, stream: 1 }))
  }

  metadata(values: Readonly<Record<string, AmfValue>>): void {
    this.write(dataMessage(['@setDataFrame', 'onMetaData', values], { chunkSize: this.chunkSize, stream: 1 }))
  }

  video(timestampMs: number, body: Uint8Array): void {
    this.write(mediaMessage(9, body, { chunkSize: this.chunkSize, stream: 1, timestampMs }))
  }

  audio(timestampMs: number, body: Uint8Array): void {
    this.write(mediaMessage(8, body, { chunkSize: this.chunkSize, stream: 1, timestampMs }))
  }

  write(bytes: Uint8Array): void {
    if (this.socket.writable) this.socket.write(bytes)
  }

  destroy(): void {
    this.socket.destroy()
  }

  async #shakeHands(): Promise<void> {
    let received = Buffer.alloc(0)
    while (received.length < handshakeBytes) {
      const [bytes] = (await once(this.socket, 'data')) as [Buffer]
      received = Buffer.concat([received, bytes])
    }
    this.write(received.subarray(1, 1537))
    this.#take(received.subarray(handshakeBytes))
    this.socket.on('data', (bytes) => this.#take(bytes))
  }

  #take(bytes: Buffer): void {
    for (const { type, payload } of this.#reader.push(bytes)) {
      if (type !== 20) continue
      const command = amf.decodeAmf0Cmd(payload)
      const info = (command.info ?? {}) as { code?: string; description?: string }
      this.replies.push({
        name: String(command.cmd),
        transaction: Number(command.transId),
        code: info.code ?? '',
        description: info.description ?? '',
      })
    }
    this.#wake()
  }

  async #reply(wanted: (reply: RtmpReply) => boolean): Promise<RtmpReply | null> {
    const end = performance.now() + replyDeadlineMs
    for (;;) {
      const reply = this.replies.find(wanted)
      if (reply) return reply
      if (this.socket.destroyed) return null
      if (performance.now() > end) throw new Error(`no reply within ${replyDeadlineMs} ms`)
      await new Promise<void>((wake) => {
        const timer = setTimeout(wake, replyDeadlineMs)
        this.#waiting.push(() => {
          clearTimeout(timer)
          wake()
        })
      })
    }
  }

  #wake(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const wake of waiting) wake()
  }
}

export interface PublishAttempt {
  readonly client: RtmpClient
  /** Null when the server hung up without a word. */
  readonly reply: RtmpReply | null
}
