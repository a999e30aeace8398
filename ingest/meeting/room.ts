import type { RoomId } from '#archive/core/ids.ts'
import type { FeedPacket } from '#archive/hls/feed.ts'
import { FeedWatch } from '../feed/feed-watch.ts'
import { Gate } from '../gate/gate.ts'
import type { PublishSession } from '../rtmp/publish-session.ts'
import type { Capture } from './capture.ts'
import type { RegisteredMeeting } from './meeting-register.ts'

/** An encoder that has its room, the gate it stands at, and what the operator may know of it. */
export interface RoomFeed {
  readonly session: PublishSession
  readonly gate: Gate
  readonly watch: FeedWatch
}

/**
 * One room: at most one feed, at most one meeting that it serves. Media goes from the gate straight into the capture of
 * the meeting that is live; everything else is dropped where it arrives.
 */
export class Room {
  readonly id: RoomId
  readonly slug: string
  /** Counted at the gate, of every feed that the room has had. */
  readonly packets = { admitted: 0, dropped: 0 }
  #feed: RoomFeed | null = null
  #serving: RegisteredMeeting | null = null
  #capture: Capture | null = null

  constructor(id: RoomId, slug: string) {
    this.id = id
    this.slug = slug
  }

  get feed(): RoomFeed | null {
    return this.#feed
  }

  get serving(): RegisteredMeeting | null {
    return this.#serving
  }

  /** A newcomer has the room; whatever was there before has been closed by its caller. */
  attach(session: PublishSession): void {
    this.#capture?.cut('disconnected')
    const feed: RoomFeed = { session, gate: new Gate(), watch: new FeedWatch(session) }
    this.#feed = feed
    session.onPacket((packet) => this.#receive(feed, packet))
    this.#setGate()
  }

  /** False when the session is not the one that has the room. */
  detach(session: PublishSession): boolean {
    if (this.#feed?.session !== session) return false
    this.#feed = null
    this.#capture?.cut('disconnected')
    return true
  }

  /** The meeting that the feed serves from here on, and where its media goes while it is live. */
  serve(meeting: RegisteredMeeting | null, capture: Capture | null): void {
    const handedOver = this.#capture !== null && this.#capture !== capture
    if (handedOver) this.#feed?.gate.shut()
    this.#serving = meeting
    this.#capture = capture
    this.#setGate()
  }

  #setGate(): void {
    const gate = this.#feed?.gate
    if (!gate) return
    if (this.#serving?.state !== 'live' || this.#serving.openedAtMs === null) {
      if (gate.state === 'shut') return
      gate.shut()
      this.#capture?.cut('gate-shut')
      return
    }
    const before = gate.state
    gate.open(this.#serving.openedAtMs)
    if (before === 'open' && gate.state !== 'open') this.#capture?.cut('gate-shut')
  }

  #receive(feed: RoomFeed, packet: FeedPacket): void {
    if (this.#feed !== feed) return
    feed.watch.observe(packet)
    const admitted = feed.gate.push(packet)
    if (feed.gate.isStuck) feed.session.close('INGEST_GATE_UNCERTAIN')
    if (feed.gate.state === 'open' && this.#capture) {
      for (const one of admitted) this.#capture.push(one)
      this.packets.admitted += admitted.length
    } else if (packet.kind === 'video' || packet.kind === 'audio') {
      // Nobody has it: what was said is not left to the garbage collector's leisure.
      packet.data.fill(0)
      this.packets.dropped += 1
    }
  }
}
