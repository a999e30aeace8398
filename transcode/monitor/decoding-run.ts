import type { AudioFrame, VideoFrame } from '#archive/hls/feed.ts'
import { parseAacConfig } from '../codec/aac-config.ts'
import type { TrackInit } from '../mp4/init-reader.ts'
import { type Decoder, type DecoderPlan, startDecoder } from './decoder.ts'
import type { SegmentPackets } from './segment-packets.ts'
import type { SoundLevels } from './sound-meter.ts'

export interface RunStart {
  /** Media sequence number of its first segment. */
  readonly number: number
  readonly atMs: number
  readonly video: TrackInit | null
  readonly audio: TrackInit | null
}

export interface RunEvents {
  readonly picture: (luma: Uint8Array, atMs: number) => void
  readonly second: (levels: SoundLevels, atMs: number) => void
  /** It ended before it was told to. */
  readonly died: (detail: string) => void
}

export interface RunSegment {
  /** WallTime. */
  readonly atMs: number
  readonly picture: SegmentPackets<VideoFrame> | null
  readonly sound: SegmentPackets<AudioFrame> | null
}

/** One decoder over segments that follow each other without a break; knows when what comes out of it was captured. */
export class DecodingRun {
  readonly #decoder: Decoder
  readonly #plan: DecoderPlan
  readonly #pictureTimes: number[] = []
  #next: number
  #soundAtMs: number
  #isOver = false
  /** Resolves when its program is gone. */
  readonly ended: Promise<void>

  constructor({ number, atMs, video, audio }: RunStart, events: RunEvents) {
    this.#next = number
    this.#soundAtMs = atMs
    this.#plan = { video: video?.config ?? null, audio: soundPlan(audio) }
    this.#decoder = startDecoder(this.#plan, {
      picture: (luma) => {
        const takenAtMs = this.#pictureTimes.shift()
        if (takenAtMs !== undefined) events.picture(luma, takenAtMs)
      },
      second: (levels) => {
        events.second(levels, this.#soundAtMs)
        this.#soundAtMs += 1_000
      },
    })
    this.ended = this.#decoder.ended.then((detail) => {
      if (!this.#isOver) events.died(detail)
    })
  }

  /** Whether this segment follows the last, and holds nothing that the decoder was not started for. */
  continues(number: number, { picture, sound }: Pick<RunSegment, 'picture' | 'sound'>): boolean {
    return number === this.#next && !(picture && !this.#plan.video) && !(sound && !this.#plan.audio)
  }

  push(number: number, { atMs, picture, sound }: RunSegment): void {
    this.#next = number + 1
    for (const frame of picture?.packets ?? []) {
      this.#pictureTimes.push(atMs + frame.ptsMs - (picture?.startMs ?? frame.ptsMs))
      this.#decoder.push(frame)
    }
    for (const unit of sound?.packets ?? []) this.#decoder.push(unit)
  }

  /** What was pushed is still decoded. */
  finish(): void {
    this.#isOver = true
    this.#decoder.finish()
  }

  kill(): void {
    this.#isOver = true
    this.#decoder.kill()
  }
}

function soundPlan(audio: TrackInit | null): DecoderPlan['audio'] {
  if (!audio) return null
  const parsed = parseAacConfig(audio.config)
  const channels = parsed.ok ? parsed.value.channels : audio.channels
  return { config: audio.config, channels: channels === 1 ? 1 : 2 }
}
