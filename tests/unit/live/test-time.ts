import type { Clock } from '#archive/core/clock.ts'
import type { Timers } from '../../../transcode/live/timers.ts'

/** 2026-11-23 19:00 UTC. */
export const wallStartMs = 1_795_460_400_000

/** Clock and timers that stand still until told to go on. */
export class TestTime implements Clock, Timers {
  #nowMs = 0
  #waiting: { readonly atMs: number; readonly run: () => void }[] = []

  monotonicMs(): number {
    return this.#nowMs
  }

  wallMs(): number {
    return wallStartMs + this.#nowMs
  }

  after(ms: number, run: () => void): () => void {
    const entry = { atMs: this.#nowMs + ms, run }
    this.#waiting.push(entry)
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== entry)
    }
  }

  advanceTo(ms: number): void {
    for (;;) {
      const [next] = this.#waiting.filter(({ atMs }) => atMs <= ms).sort((a, b) => a.atMs - b.atMs)
      if (!next) break
      this.#waiting = this.#waiting.filter((other) => other !== next)
      this.#nowMs = Math.max(this.#nowMs, next.atMs)
      next.run()
    }
    this.#nowMs = Math.max(this.#nowMs, ms)
  }
}
