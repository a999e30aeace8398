import type { CounterClip } from './counter-clip.ts'
import { type MarkedKind, markedPicture, markedSound, unitName } from './counter-marker.ts'
import { aacTag, avcTag } from './rtmp-bytes.ts'
import { RtmpClient } from './rtmp-client.ts'

/** One access unit as the encoder knows it; WallTime. */
export interface SentUnit {
  readonly name: string
  readonly kind: MarkedKind
  /** Of its kind, from 0; for pictures the number in the strip too. */
  readonly number: number
  readonly keyframe: boolean
  readonly sizeBytes: number
  readonly takenAtMs: number
  readonly sentAtMs: number
}

/** An encoder with a clock of its own whose every access unit carries its number. */
export interface CounterFeed {
  readonly sent: readonly SentUnit[]
  readonly connected: boolean
  /** Media that waits inside the encoder. */
  readonly heldMs: number
  /** Connects (again); the clock runs on. */
  connect(key?: string): Promise<void>
  /** Pulls the plug. What is taken meanwhile is in nobody's hands, unless the line is held. */
  disconnect(): void
  /** The line stands still: what is taken from here on waits inside the encoder, across connections. */
  hold(): void
  /** The line runs again and carries what waits at `speed` times real time. */
  release(speed?: number): void
  stop(): void
}

const pumpMs = 10

interface Waiting extends Omit<SentUnit, 'sentAtMs' | 'sizeBytes'> {
  readonly clockMs: number
  readonly data: Buffer
}

export function createCounterFeed(clip: CounterClip, ingest: string, streamKey: string): CounterFeed {
  const port = Number(new URL(ingest).port)
  const sent: SentUnit[] = []
  const waiting: Waiting[] = []
  const counts = { video: 0, audio: 0 }
  const zeroMs = Date.now()
  let taken = 0
  let client: RtmpClient | null = null
  /** Media time from which units may be sent at which moment; null when nothing is held. */
  let line: { kind: 'free' } | { kind: 'held' } | { kind: 'draining'; speed: number; fromMs: number; clockMs: number } =
    {
      kind: 'free',
    }

  const take = () => {
    const elapsedMs = Date.now() - zeroMs
    for (;;) {
      const unit = clip.units[taken % clip.units.length]
      if (!unit) return
      const clockMs = Math.floor(taken / clip.units.length) * clip.durationMs + unit.timeMs
      if (clockMs > elapsedMs) return
      taken += 1
      const number = counts[unit.kind]
      counts[unit.kind] += 1
      const data =
        unit.kind === 'video'
          ? avcTag(markedPicture(unit.data, number), { keyframe: unit.keyframe })
          : aacTag(markedSound(unit.data, number))
      const { kind, keyframe } = unit
      waiting.push({ name: unitName(kind, number), kind, number, keyframe, takenAtMs: zeroMs + clockMs, clockMs, data })
    }
  }
  const sendableUntilMs = () => {
    if (line.kind === 'held') return Number.NEGATIVE_INFINITY
    if (line.kind === 'free') return Number.POSITIVE_INFINITY
    return line.clockMs + (Date.now() - line.fromMs) * line.speed
  }
  const send = () => {
    const until = sendableUntilMs()
    while (waiting[0] && waiting[0].clockMs <= until) {
      const { data, clockMs, ...unit } = waiting[0]
      waiting.shift()
      if (!client) continue
      sent.push({ ...unit, sizeBytes: data.length, sentAtMs: Date.now() })
      if (unit.kind === 'video') client.video(clockMs, data)
      else client.audio(clockMs, data)
    }
    if (line.kind === 'draining' && waiting.length === 0) line = { kind: 'free' }
  }
  const pump = setInterval(() => {
    take()
    send()
  }, pumpMs)
  const disconnect = () => {
    client?.destroy()
    client = null
  }
  return {
    sent,
    get connected() {
      return client !== null
    },
    get heldMs() {
      const [oldest, newest] = [waiting[0], waiting.at(-1)]
      return oldest && newest ? newest.clockMs - oldest.clockMs : 0
    },
    async connect(key = streamKey) {
      const { client: opened, reply } = await RtmpClient.publish(port, key)
      if (reply?.code !== 'NetStream.Publish.Start') {
        opened.destroy()
        throw new Error(`the encoder was refused: ${reply?.description ?? 'without a word'}`)
      }
      opened.metadata({ width: 640, height: 480, framerate: 25, encoder: 'counter' })
      opened.video(0, Buffer.concat([Buffer.from('1700000000', 'hex'), clip.avcC]))
      opened.audio(0, Buffer.concat([Buffer.from('af00', 'hex'), clip.asc]))
      client = opened
      void opened.closed.then(() => {
        if (client === opened) client = null
      })
    },
    disconnect,
    hold() {
      line = { kind: 'held' }
    },
    release(speed = Number.POSITIVE_INFINITY) {
      const clockMs = waiting[0]?.clockMs ?? Date.now() - zeroMs
      line = Number.isFinite(speed) ? { kind: 'draining', speed, fromMs: Date.now(), clockMs } : { kind: 'free' }
    },
    stop() {
      clearInterval(pump)
      disconnect()
    },
  }
}
