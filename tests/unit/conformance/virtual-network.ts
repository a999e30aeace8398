import type { Exchange } from '../../conformance/session.ts'
import type { Transport } from '../../conformance/transport.ts'

/** An answer of a scripted origin. Times are milliseconds of the virtual clock. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** When the head is sent; in the past means at once. */
  readonly readyAtMs: number
  /** From the head to the last byte. */
  readonly bodyMs: number
}

/** What a request is answered; when it is not known yet, `again` says when to ask again. */
export type Reply = Answer | { readonly again: number }

export interface ScriptedOrigin {
  answer(url: URL, request: { readonly sentAtMs: number; readonly nowMs: number }): Reply
}

const travelMs = 1

/** A network and a clock of which no real time passes: `run` moves the clock to whatever is due next. */
export class VirtualNetwork implements Transport {
  readonly #origin: ScriptedOrigin
  readonly #due: { readonly atMs: number; readonly wake: () => void }[] = []
  #nowMs = 0

  constructor(origin: ScriptedOrigin) {
    this.#origin = origin
  }

  nowMs(): number {
    return this.#nowMs
  }

  sleep(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#due.push({ atMs: this.#nowMs + Math.max(0, ms), wake: resolve })
    return promise
  }

  async get(url: string): Promise<Exchange> {
    const sentAtMs = this.#nowMs
    await this.sleep(travelMs)
    for (;;) {
      const reply = this.#origin.answer(new URL(url), { sentAtMs, nowMs: this.#nowMs })
      if ('again' in reply) {
        await this.sleep(reply.again - this.#nowMs)
        continue
      }
      await this.sleep(reply.readyAtMs - this.#nowMs + travelMs)
      const headAtMs = this.#nowMs
      await this.sleep(reply.bodyMs)
      const { status, headers, body } = reply
      return { url, status, headers, body, sentAtMs, headAtMs, endAtMs: this.#nowMs }
    }
  }

  /** @throws Error when `work` waits for something that never comes. */
  async run<T>(work: Promise<T>): Promise<T> {
    let isOver = false
    const over = () => {
      isOver = true
    }
    work.then(over, over)
    for (;;) {
      await new Promise((turn) => setImmediate(turn))
      if (isOver) return work
      const next = this.#due.reduce((best, one) => Math.min(best, one.atMs), Number.POSITIVE_INFINITY)
      if (next === Number.POSITIVE_INFINITY) throw new Error('everything waits and nothing is due')
      this.#nowMs = next
      const due = this.#due.filter(({ atMs }) => atMs <= next)
      this.#due.splice(0, this.#due.length, ...this.#due.filter(({ atMs }) => atMs > next))
      for (const { wake } of due) wake()
    }
  }
}
