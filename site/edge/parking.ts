import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '#archive/core/clock.ts'
import { longestBlockS } from '#archive/hls/low-latency.ts'
import { type Answer, plainAnswer, sendAnswer } from './answer.ts'

/** A request that waits for something to come true. */
export interface Visit {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** The answer, or null while it has to wait. Called whenever something it may wait for has changed. */
  readonly look: () => Answer | Promise<Answer> | null
  /** What is answered when it has waited too long. */
  readonly overdue: Answer
}

interface Parked extends Visit {
  readonly lot: string
  readonly sinceMs: number
}

/** A viewer parks two reloads; beyond this somebody is playing with us. */
const mostParked = 50_000
const sweepMs = 100

const full = plainAnswer(503, 'Too many wait.', { 'retry-after': '1' })

/**
 * Holds blocked requests by what they wait for. Waiting costs one entry in a set and no timer; one sweep for all ends those
 * that waited too long, and lets go of who does not read what it waited for.
 */
export class Parking {
  readonly #clock: Pick<Clock, 'monotonicMs'>
  readonly #lots = new Map<string, Set<Parked>>()
  readonly #due = new Set<string>()
  readonly #unread = new Map<ServerResponse, number>()
  readonly #sweeping = setInterval(() => this.sweep(), sweepMs).unref()
  #count = 0
  #waking: NodeJS.Immediate | null = null

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock
  }

  get count(): number {
    return this.#count
  }

  park(lot: string, visit: Visit): void {
    if (visit.response.destroyed) return
    if (this.#count >= mostParked) {
      this.#send(visit, full)
      return
    }
    const parked: Parked = { ...visit, lot, sinceMs: this.#clock.monotonicMs() }
    const waiting = this.#lots.get(lot) ?? new Set()
    this.#lots.set(lot, waiting)
    waiting.add(parked)
    this.#count++
    visit.response.once('close', () => this.#leave(parked))
  }

  /**
   * Those who wait in the lot are looked at as soon as everything that has arrived is taken in: the last part of a segment and
   * its end come together, and should be told together.
   */
  wake(lot: string): void {
    if (!this.#lots.has(lot)) return
    this.#due.add(lot)
    this.#waking ??= setImmediate(() => this.#lookAround())
  }

  /** Something that concerns all has changed. */
  wakeAll(): void {
    for (const lot of this.#lots.keys()) this.wake(lot)
  }

  sweep(): void {
    const before = this.#clock.monotonicMs() - longestBlockS * 1000
    for (const waiting of this.#lots.values()) {
      // The longest waiting come first.
      for (const parked of waiting) {
        if (parked.sinceMs > before) break
        this.#leave(parked)
        this.#send(parked, parked.overdue)
      }
    }
    for (const [response, sinceMs] of this.#unread) {
      if (response.destroyed || response.writableFinished) this.#unread.delete(response)
      else if (sinceMs <= before) response.destroy()
    }
  }

  /** Everybody is answered as if overdue. */
  close(): void {
    clearInterval(this.#sweeping)
    for (const waiting of [...this.#lots.values()]) {
      for (const parked of [...waiting]) {
        this.#leave(parked)
        this.#send(parked, parked.overdue)
      }
    }
  }

  #lookAround(): void {
    this.#waking = null
    const due = [...this.#due]
    this.#due.clear()
    for (const lot of due) {
      for (const parked of this.#lots.get(lot) ?? []) {
        const answer = parked.look()
        if (answer === null) continue
        this.#leave(parked)
        this.#send(parked, answer)
      }
    }
  }

  #leave(parked: Parked): void {
    const waiting = this.#lots.get(parked.lot)
    if (!waiting?.delete(parked)) return
    this.#count--
    if (waiting.size === 0) this.#lots.delete(parked.lot)
  }

  #send({ request, response }: Visit, answer: Answer | Promise<Answer>): void {
    void Promise.resolve(answer)
      .then((ready) => sendAnswer(request, response, ready))
      .then(() => {
        if (!response.writableFinished && !response.destroyed) this.#unread.set(response, this.#clock.monotonicMs())
      })
      .catch(() => response.destroy())
  }
}
