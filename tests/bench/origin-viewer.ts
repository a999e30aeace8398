import { connect, type Socket } from 'node:net'

export interface Answered {
  readonly status: number
  readonly headers: string
  /** Null unless it was asked for. */
  readonly body: Buffer | null
  readonly bytes: number
}

const headEnd = Buffer.from('\r\n\r\n')

/**
 * One kept-alive HTTP/1.1 connection that asks one thing at a time and counts what comes: as little work for each byte as
 * a client can do, so that the swarm is not what is measured. Answers must say their length.
 */
export class Connection {
  readonly #address: { readonly host: string; readonly port: number }
  #socket: Socket | null = null
  #pending: { readonly wantsBody: boolean; readonly settle: (answered: Answered | null) => void } | null = null
  #head: Buffer = Buffer.alloc(0)
  #answer: {
    readonly status: number
    readonly headers: string
    readonly chunks: Buffer[]
    left: number
    bytes: number
  } | null = null

  constructor(address: { readonly host: string; readonly port: number }) {
    this.#address = address
  }

  /** Null when the connection broke. */
  get(path: string, wantsBody: boolean): Promise<Answered | null> {
    const { promise, resolve } = Promise.withResolvers<Answered | null>()
    this.#pending = { wantsBody, settle: resolve }
    this.#socket ??= this.#open()
    this.#socket.write(`GET ${path} HTTP/1.1\r\nHost: ${this.#address.host}\r\nAccept-Encoding: gzip\r\n\r\n`)
    return promise
  }

  close(): void {
    this.#socket?.destroy()
  }

  #open(): Socket {
    const socket = connect({ ...this.#address, noDelay: true })
    socket.on('data', (chunk) => this.#take(chunk))
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.#socket = null
      this.#settle(null)
    })
    return socket
  }

  #take(chunk: Buffer): void {
    let rest: Buffer = chunk
    if (!this.#answer) {
      this.#head = this.#head.length > 0 ? Buffer.concat([this.#head, chunk]) : chunk
      const end = this.#head.indexOf(headEnd)
      if (end < 0) return
      const headers = this.#head.toString('latin1', 0, end)
      rest = this.#head.subarray(end + headEnd.length)
      this.#head = Buffer.alloc(0)
      const left = Number(/\r\ncontent-length: *(\d+)/i.exec(headers)?.[1] ?? 0)
      this.#answer = { status: Number(headers.slice(9, 12)), headers, chunks: [], left, bytes: 0 }
    }
    const answer = this.#answer
    answer.left -= rest.length
    answer.bytes += rest.length
    if (this.#pending?.wantsBody) answer.chunks.push(rest)
    if (answer.left <= 0) {
      const { status, headers, chunks, bytes } = answer
      this.#answer = null
      this.#settle({ status, headers, bytes, body: this.#pending?.wantsBody ? Buffer.concat(chunks) : null })
    }
  }

  #settle(answered: Answered | null): void {
    const pending = this.#pending
    this.#pending = null
    if (!answered) {
      this.#answer = null
      this.#head = Buffer.alloc(0)
    }
    pending?.settle(answered)
  }
}
