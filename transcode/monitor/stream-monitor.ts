import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '#archive/core/clock.ts'
import type { Log } from '#archive/core/log.ts'
import type { StreamFinding } from '#archive/domain/stream-fault.ts'
import { DecodingRun } from './decoding-run.ts'
import { Lasting } from './lasting.ts'
import { PictureWatch } from './picture-watch.ts'
import { Absent, type PublishedPair, PublishedStream } from './published-stream.ts'
import { type Look, ReachWatch } from './reach-watch.ts'
import { keyframesOf, soundOf } from './segment-packets.ts'
import { SkewWatch } from './skew-watch.ts'
import { SoundJudge } from './sound-judge.ts'
import type { SoundLevels } from './sound-meter.ts'
import { thresholds } from './thresholds.ts'

/** Two looks for each segment. */
const usualLookMs = 2_000

export interface StreamMonitorOptions {
  /** Of the multivariant playlist, as viewers have it. */
  readonly address: string
  readonly clock: Clock
  readonly log: Log
  readonly lookMs?: number
}

export interface StreamMeasures {
  /** Decoded so far. */
  readonly pictures: number
  readonly seconds: number
  readonly sound: SoundLevels | null
  readonly skewMs: number
}

/** Listens to and looks at one published stream. */
export interface StreamMonitor {
  /** The faults that stand at this moment. */
  findings(): StreamFinding[]
  measures(): StreamMeasures
  close(): Promise<void>
}

/** Never throws; what keeps it from seeing is a finding. */
export function startStreamMonitor(options: StreamMonitorOptions): StreamMonitor {
  const closing = new AbortController()
  const watching = new Watching(options, closing.signal)
  const running = watching.run()
  return {
    findings: () => watching.findings(),
    measures: () => watching.measures(),
    close: async () => {
      closing.abort()
      await running
    },
  }
}

class Watching {
  readonly #options: StreamMonitorOptions
  readonly #signal: AbortSignal
  readonly #stream: PublishedStream
  readonly #picture = new PictureWatch()
  readonly #sound = new SoundJudge()
  readonly #skew = new SkewWatch()
  readonly #reach: ReachWatch
  /** Media was given to a decoder, and nothing has come back since. */
  readonly #unanswered = new Lasting()
  #run: DecodingRun | null = null
  #pictures = 0
  #seconds = 0

  constructor(options: StreamMonitorOptions, signal: AbortSignal) {
    this.#options = options
    this.#signal = signal
    this.#stream = new PublishedStream(options.address, signal)
    this.#reach = new ReachWatch(options.clock.wallMs())
  }

  async run(): Promise<void> {
    const { clock, lookMs = usualLookMs } = this.#options
    while (!this.#signal.aborted) {
      const look = await this.#look()
      if (this.#signal.aborted) break
      this.#reach.note(look, clock.wallMs())
      await pause(lookMs, undefined, { signal: this.#signal }).catch(() => undefined)
    }
    this.#run?.kill()
    await this.#run?.ended
  }

  findings(): StreamFinding[] {
    const nowMs = this.#options.clock.wallMs()
    const deafSinceMs = this.#unanswered.for(thresholds.undecodedMs, nowMs)
    const deaf: StreamFinding[] =
      deafSinceMs === null ? [] : [{ code: 'MONITOR_BLIND', sinceMs: deafSinceMs, detail: 'the decoder gives nothing' }]
    const reach = this.#reach.findings(nowMs)
    const isBlind = reach.some(({ code }) => code === 'MONITOR_BLIND')
    return [
      ...reach,
      ...(isBlind ? [] : deaf),
      ...this.#sound.findings(),
      ...this.#picture.findings(),
      ...this.#skew.findings(),
    ]
  }

  measures(): StreamMeasures {
    const [pictures, seconds] = [this.#pictures, this.#seconds]
    return { pictures, seconds, sound: this.#sound.levels, skewMs: this.#skew.skewMs }
  }

  async #look(): Promise<Look> {
    try {
      const { pairs, targetDurationMs } = await this.#stream.look()
      for (const pair of pairs) await this.#take(pair)
      return { kind: 'segments', newSegments: pairs.length, targetDurationMs }
    } catch (error) {
      if (error instanceof Absent) return { kind: 'absent' }
      return { kind: 'unreachable', reason: reasonOf(error) }
    }
  }

  async #take({ number, video, audio }: PublishedPair): Promise<void> {
    const nowMs = this.#options.clock.wallMs()
    const segment = video ?? audio
    if (!segment) return
    const { durationMs, discontinuity } = segment
    const atMs = segment.atMs ?? nowMs - durationMs
    const [picture, sound] = await Promise.all([
      video?.uri && video.map ? this.#both(video.map, video.uri, keyframesOf) : null,
      audio?.uri && audio.map ? this.#both(audio.map, audio.uri, soundOf) : null,
    ])
    const isNew = discontinuity || this.#run?.continues(number, { picture, sound }) !== true
    if (isNew) {
      this.#run?.finish()
      this.#run = this.#begin({ number, atMs, video: picture?.init ?? null, audio: sound?.init ?? null })
    }
    this.#run?.push(number, { atMs, picture, sound })
    if (picture || sound) this.#unanswered.note(true, nowMs)
    // A stream with sound whose sound is missing is as silent as one with zeros in it.
    if (audio && !sound) this.#hearNothing(atMs, durationMs)
    if (picture?.startMs != null && sound?.startMs != null) {
      this.#skew.compare({ videoMs: picture.startMs, audioMs: sound.startMs, atMs })
    }
  }

  async #both<T>(map: string, uri: string, read: (init: Uint8Array, segment: Uint8Array) => T): Promise<T> {
    const [init, segment] = await Promise.all([this.#stream.init(map), this.#stream.media(uri)])
    return read(init, segment)
  }

  #begin(of: ConstructorParameters<typeof DecodingRun>[0]): DecodingRun {
    const run: DecodingRun = new DecodingRun(of, {
      picture: (luma, atMs) => {
        this.#unanswered.note(false, 0)
        this.#pictures += 1
        this.#picture.see(luma, atMs)
      },
      second: (levels, atMs) => {
        this.#unanswered.note(false, 0)
        this.#seconds += 1
        this.#sound.hear(levels, atMs)
      },
      died: (detail) => {
        if (this.#signal.aborted) return
        this.#options.log.warn({ detail: detail.slice(-300) }, 'the decoder of the monitor ended and is started again')
        if (this.#run === run) this.#run = null
      },
    })
    return run
  }

  #hearNothing(atMs: number, durationMs: number): void {
    const nothing = { rmsDb: [Number.NEGATIVE_INFINITY], loudnessLufs: Number.NEGATIVE_INFINITY, clippedShare: 0 }
    for (let at = 0; at < durationMs; at += 1_000) this.#sound.hear(nothing, atMs + at)
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  return cause instanceof Error && cause.message ? cause.message : error.message
}
