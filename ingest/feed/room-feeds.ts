import type { ErrorCode } from '#archive/core/error-codes.ts'
import { type ErrorReport, type Refusal, refuse } from '#archive/core/errors.ts'
import type { KeyId, RoomId } from '#archive/core/ids.ts'

/** A feed that is silent for this long gives way to a newcomer: a half-open line after a router change. */
const yieldsAfterMs = 2_000

/** Ends of our own making, which no encoder setting changes. */
const blameless: ReadonlySet<ErrorCode> = new Set(['INGEST_TAKEN_OVER', 'INGEST_GATE_UNCERTAIN', 'INGEST_STOPPING'])

/** What the rule needs of a publish session. */
export interface RoomFeed {
  readonly keyId: KeyId
  readonly roomId: RoomId
  silentMs(): number
  close(code: ErrorCode): void
}

export interface RoomProblem extends ErrorReport {
  /** WallTime. */
  readonly atMs: number
}

/** One feed to a room at most, and what was last wrong with an encoder of the room. */
export class RoomFeeds<F extends RoomFeed> {
  readonly #feeds = new Map<RoomId, F>()
  readonly #problems = new Map<RoomId, RoomProblem>()
  readonly #wallMs: () => number

  constructor(clock: { wallMs(): number }) {
    this.#wallMs = () => clock.wallMs()
  }

  /**
   * A verified encoder asks for its room. The one that is there keeps it, undisturbed, unless it has been silent for
   * two seconds: then it is closed and the newcomer has the room.
   */
  claim(feed: F): Refusal | null {
    const holder = this.#feeds.get(feed.roomId)
    if (holder === feed) return null
    if (holder && holder.silentMs() < yieldsAfterMs) return refuse('INGEST_ROOM_BUSY')
    this.#feeds.set(feed.roomId, feed)
    holder?.close('INGEST_TAKEN_OVER')
    return null
  }

  /** A feed has ended; answers whether it was its room's (rather than one taken over or refused). */
  release(feed: F, reason: ErrorCode | null): boolean {
    if (reason && !blameless.has(reason)) this.noteProblem(feed.roomId, reason)
    if (this.#feeds.get(feed.roomId) !== feed) return false
    this.#feeds.delete(feed.roomId)
    return true
  }

  current(room: RoomId): F | null {
    return this.#feeds.get(room) ?? null
  }

  all(): readonly F[] {
    return [...this.#feeds.values()]
  }

  /** Ends whatever publishes with this key, at once; answers how many that were. */
  revoke(key: KeyId): number {
    const revoked = this.all().filter((feed) => feed.keyId === key)
    for (const feed of revoked) feed.close('INGEST_KEY_REVOKED')
    return revoked.length
  }

  noteProblem(room: RoomId, code: ErrorCode): void {
    const { message, hint } = refuse(code)
    this.#problems.set(room, { code, message, hint, atMs: this.#wallMs() })
  }

  /** The operator has seen to it, or the feed runs well. */
  clearProblem(room: RoomId): void {
    this.#problems.delete(room)
  }

  problem(room: RoomId): RoomProblem | null {
    return this.#problems.get(room) ?? null
  }
}
