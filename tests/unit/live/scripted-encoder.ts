import type { VideoFrame } from '#archive/hls/feed.ts'
import type { RungName } from '../../../transcode/ladder/rung.ts'
import type { Encoder, EncoderStart, StartEncoder } from '../../../transcode/live/encoder.ts'

const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'))

/** What x264 writes for these renditions of a 16:9 feed at 25 frames a second. */
const configs: Readonly<Partial<Record<RungName, Uint8Array>>> = {
  '720p': hex('0164001fffe100186764001facb402802dd808800000030080000019478c195001000468ef0fcbfdf8f800'),
  '480p': hex('014d401effe10019674d401eda0360f79bc044000003000400000300ca3c58ba8001000468ef0fc8'),
  '360p': hex('014d401effe10019674d401eda0280bfe5c044000003000400000300ca3c58ba8001000468ef0fc8'),
}

export type Manner =
  /** Gives each frame at once. */
  | 'prompt'
  /** Gives every second frame's worth of time only: falls behind for ever. */
  | 'slow'
  /** Takes everything and gives nothing. */
  | 'mute'
  /** Dies at its first frame. */
  | 'mortal'
  /** Keeps what it is given until it is told to finish. */
  | 'late'

/** An encoder that does as it is told, without any process. */
export class ScriptedEncoder implements Encoder {
  readonly start: EncoderStart
  readonly #manner: Manner
  readonly #keyframeEveryMs: number | null
  #frames: VideoFrame[] = []
  #given = 0
  #lastKeyframeMs = Number.NEGATIVE_INFINITY
  #ended = false
  #configured = false

  constructor(start: EncoderStart, manner: Manner) {
    this.start = start
    this.#manner = manner
    this.#keyframeEveryMs = start.plan.keyframes === 'source' ? null : start.plan.keyframes
  }

  get renditions(): RungName[] {
    return this.start.plan.renditions.map(({ name }) => name)
  }

  get frames(): readonly VideoFrame[] {
    return this.#frames
  }

  push(frame: VideoFrame): void {
    this.#frames.push(frame)
    if (this.#manner === 'mortal') this.die('killed by a test')
    else if (this.#manner === 'prompt') this.#give(this.#frames.length)
    else if (this.#manner === 'slow') this.#give(Math.ceil(this.#frames.length / 2))
  }

  finish(): void {
    if (this.#manner === 'mute') return
    this.#give(this.#frames.length)
    this.#end('finished', '')
  }

  kill(): void {
    this.#end('killed', 'SIGKILL')
  }

  die(detail: string): void {
    this.#end('died', detail)
  }

  #give(upTo: number): void {
    for (; this.#given < upTo && !this.#ended; this.#given += 1) {
      const frame = this.#frames[this.#given]
      if (!frame) return
      const keyframe = this.#isKeyframe(frame)
      for (const name of this.renditions) {
        if (!this.#configured) this.start.events.config(name, configs[name] ?? new Uint8Array())
        this.start.events.frame(name, { ptsMs: frame.ptsMs, keyframe, data: Uint8Array.from([0, 0, 0, 1, 0x65]) })
      }
      this.#configured = true
    }
  }

  #isKeyframe(frame: VideoFrame): boolean {
    if (this.#keyframeEveryMs === null) return frame.keyframe
    if (frame.ptsMs - this.#lastKeyframeMs < this.#keyframeEveryMs) return false
    this.#lastKeyframeMs = frame.ptsMs
    return true
  }

  #end(cause: 'finished' | 'killed' | 'died', detail: string): void {
    if (this.#ended) return
    this.#ended = true
    this.start.events.end({ cause, detail })
  }
}

/** Starts scripted encoders; each takes the next manner, the last one for all that follow. */
export function scriptedEncoders(...manners: Manner[]): { start: StartEncoder; started: ScriptedEncoder[] } {
  const started: ScriptedEncoder[] = []
  const start: StartEncoder = (what) => {
    const encoder = new ScriptedEncoder(what, manners[Math.min(started.length, manners.length - 1)] ?? 'prompt')
    started.push(encoder)
    return encoder
  }
  return { start, started }
}
