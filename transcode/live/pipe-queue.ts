import type { Writable } from 'node:stream'

interface Waiting {
  readonly timeMs: number
  readonly bytes: Uint8Array
}

/**
 * What waits for a program to read it. Writes as long as the pipe takes more, then keeps what comes until `limitMs` of
 * media wait; beyond that `push` answers false and keeps nothing.
 */
export class PipeQueue {
  readonly #pipe: Writable
  readonly #limitMs: number
  #waiting: Waiting[] = []
  #full = false
  #ending = false

  constructor(pipe: Writable, limitMs: number) {
    this.#pipe = pipe
    this.#limitMs = limitMs
    pipe.on('drain', () => this.#flush())
  }

  push(timeMs: number, bytes: Uint8Array): boolean {
    const oldest = this.#waiting[0]
    if (oldest && timeMs - oldest.timeMs > this.#limitMs) return false
    this.#waiting.push({ timeMs, bytes })
    if (!this.#full) this.#flush()
    return true
  }

  /** Closes the pipe once everything is written. */
  end(): void {
    this.#ending = true
    if (!this.#full) this.#flush()
  }

  #flush(): void {
    this.#full = false
    let written = 0
    for (const { bytes } of this.#waiting) {
      written += 1
      if (!this.#pipe.write(bytes)) {
        this.#full = true
        break
      }
    }
    this.#waiting.splice(0, written)
    if (this.#ending && this.#waiting.length === 0 && !this.#pipe.writableEnded) this.#pipe.end()
  }
}
