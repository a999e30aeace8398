import type { FeedConfig, FeedPacket, FeedSample } from '#archive/hls/feed.ts'
import { FeedAnchor } from './feed-anchor.ts'

/** An encoder is taken to hold back no more than this across a reconnection. */
const longestBacklogMs = 60_000
/**
 * What encoder and line take even at their best, which the anchor cannot see: it opens so much later. x264 at "veryfast"
 * holds frames back for 0.65 s at 25 frames a second.
 */
const unseenDelayMs = 1_000

/** A backlog has drained by then, or its encoder never catches up. */
const patienceMs = 20_000

type GateState =
  | { readonly kind: 'shut' }
  /** Waiting, since the packet that arrived at `sinceMs`, for the first keyframe that was taken after the press. */
  | { readonly kind: 'opening'; readonly pressedAtMs: number; readonly sinceMs: number | null }
  | { readonly kind: 'open'; readonly pressedAtMs: number; readonly fromPtsMs: number }

/**
 * The door of one publish session, shut at first. It shuts by arrival: what comes after is dropped and nothing of it is
 * kept. It opens by capture: a frame is let in when it was *taken* after the press, from the next keyframe on, sound
 * from that keyframe's time on; frames that an encoder had in store from before the press stay outside however late
 * they arrive. Configurations (no picture, no speech) always pass and are repeated in front of the first keyframe.
 */
export class Gate {
  readonly #anchor = new FeedAnchor()
  #state: GateState = { kind: 'shut' }
  #isStuck = false
  #videoConfig: FeedConfig | null = null
  #audioConfig: FeedConfig | null = null

  get state(): GateState['kind'] {
    return this.#state.kind
  }

  shut(): void {
    this.#state = { kind: 'shut' }
    this.#isStuck = false
  }

  /**
   * Lets in what is taken from the press on (WallTime). Repeating it changes nothing; a later press shuts an open gate until
   * its own time has come. A session of which too little was seen, or whose backlog drains, waits until its clock is known.
   */
  open(pressedAtMs: number): void {
    if (this.#state.kind !== 'shut' && this.#state.pressedAtMs >= pressedAtMs) return
    this.#state = { kind: 'opening', pressedAtMs, sinceMs: null }
  }

  /**
   * Whether the connection should be dropped and come back: it was waited for in vain, and nobody can tell when its
   * frames were taken. Not sooner, because not every encoder comes back by itself.
   */
  get isStuck(): boolean {
    return this.#isStuck
  }

  /** Shows the gate a packet, in order of arrival, and answers what passes. */
  push(packet: FeedPacket): readonly FeedPacket[] {
    if (packet.kind === 'video-config' || packet.kind === 'audio-config') {
      this.#remember(packet)
      return [packet]
    }
    this.#anchor.observe(packet)
    switch (this.#state.kind) {
      case 'shut':
        return []
      case 'open':
        return this.#follows(packet, this.#state) ? [packet] : []
      case 'opening':
        return this.#await(packet, this.#state)
    }
  }

  #await(
    packet: FeedSample,
    { pressedAtMs, sinceMs }: { pressedAtMs: number; sinceMs: number | null },
  ): readonly FeedPacket[] {
    if (this.#admits(packet, pressedAtMs)) return this.#openWith(packet, pressedAtMs)
    const since = sinceMs ?? packet.arrivedAtMs
    this.#state = { kind: 'opening', pressedAtMs, sinceMs: since }
    this.#isStuck = packet.arrivedAtMs - since >= patienceMs && !this.#anchor.certain()
    return []
  }

  #admits(packet: FeedSample, pressedAtMs: number): boolean {
    if (packet.kind !== 'video' || !packet.keyframe || !this.#anchor.believes(packet)) return false
    const { metAtMs } = this.#anchor
    if (metAtMs !== null && metAtMs - pressedAtMs >= longestBacklogMs) return true
    const takenAtMs = this.#anchor.captureMs(packet.ptsMs)
    return this.#anchor.certain() && takenAtMs !== null && takenAtMs - unseenDelayMs >= pressedAtMs
  }

  /**
   * Sound, however late it comes, and pictures that lean on what lies before the first keyframe may be older than it. A
   * later keyframe is not: one with an earlier time begins another clock.
   */
  #follows(packet: FeedSample, { pressedAtMs, fromPtsMs }: { pressedAtMs: number; fromPtsMs: number }): boolean {
    if (packet.ptsMs >= fromPtsMs) return true
    if (packet.kind !== 'video' || !packet.keyframe) return false
    this.#state = { kind: 'open', pressedAtMs, fromPtsMs: Number.NEGATIVE_INFINITY }
    return true
  }

  #openWith(keyframe: FeedSample, pressedAtMs: number): readonly FeedPacket[] {
    this.#state = { kind: 'open', pressedAtMs, fromPtsMs: keyframe.ptsMs }
    this.#isStuck = false
    return [this.#videoConfig, this.#audioConfig, keyframe].filter((packet) => packet !== null)
  }

  #remember(config: FeedConfig): void {
    if (config.kind === 'video-config') this.#videoConfig = config
    else this.#audioConfig = config
  }
}
