import type { StreamFinding } from '#archive/domain/stream-fault.ts'
import { Lasting } from './lasting.ts'
import { thresholds } from './thresholds.ts'

/** What one look at the published playlists gave. */
export type Look =
  | { readonly kind: 'segments'; readonly newSegments: number; readonly targetDurationMs: number }
  /** The edge answers and offers nothing. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreachable'; readonly reason: string }

/** Finds playlists that stand still, and a monitor that cannot see any. Times are WallTime of this machine. */
export class ReachWatch {
  readonly #blind = new Lasting()
  #reason = ''
  #hasLooked = false
  /** Of the newest segment, or of the beginning. */
  #movedAtMs: number
  #patienceMs: number = thresholds.firstSegmentMs

  constructor(startedAtMs: number) {
    this.#movedAtMs = startedAtMs
  }

  note(look: Look, atMs: number): void {
    this.#blind.note(look.kind === 'unreachable', atMs)
    if (look.kind === 'unreachable') {
      this.#reason = look.reason
      return
    }
    if (look.kind === 'absent') return
    // What the first look finds may be from before a pause.
    if (this.#hasLooked && look.newSegments > 0) {
      this.#movedAtMs = atMs
      this.#patienceMs = thresholds.staleTargets * look.targetDurationMs
    }
    this.#hasLooked = true
  }

  findings(nowMs: number): StreamFinding[] {
    if (this.#blind.sinceMs !== null) {
      const sinceMs = this.#blind.for(thresholds.blindMs, nowMs)
      return sinceMs === null ? [] : [{ code: 'MONITOR_BLIND', sinceMs, detail: this.#reason }]
    }
    if (nowMs - this.#movedAtMs <= this.#patienceMs) return []
    const detail = `no new segment for more than ${this.#patienceMs / 1000} s`
    return [{ code: 'STREAM_STALE', sinceMs: this.#movedAtMs, detail }]
  }
}
