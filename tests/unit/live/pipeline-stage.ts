import type { FeedPacket } from '#archive/hls/feed.ts'
import type { LivePipeline, LivePipelineFactory, PackagedEvent, PipelineFault } from '#archive/hls/packaging.ts'
import { createLivePipeline, type LivePipelineDeps } from '../../../transcode/live/pipeline.ts'
import { type Manner, type ScriptedEncoder, scriptedEncoders } from './scripted-encoder.ts'
import { TestTime, wallStartMs } from './test-time.ts'

const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'))
const frameMs = 40
const soundMs = 1024 / 48

/** H.264 High 1920x1080 progressive at 25 frames a second, and a second encoder's main profile. */
export const fullHdConfig = hex(
  '01640028ffe1001b67640028acd940780227e5c044000003000400000300c83c60c65801000468efbcb0fdf8f800',
)
const asc = hex('118856e500')

export interface FeedShape {
  /** Time of the feed's clock at which it begins and ends. */
  readonly fromMs?: number
  readonly toMs: number
  readonly keyframeEveryMs?: number
  /** Time of the first keyframe; the beginning when absent. */
  readonly keyframeAtMs?: number
  readonly sound?: boolean
  readonly configs?: boolean
}

/** A pipeline with scripted encoders on a stage where time passes as frames arrive. */
export class PipelineStage {
  readonly time = new TestTime()
  readonly events: PackagedEvent[] = []
  readonly faults: PipelineFault[] = []
  readonly encoders: ScriptedEncoder[]
  readonly factory: LivePipelineFactory
  pipeline: LivePipeline
  #number = 0

  constructor(manners: Manner[] = ['prompt'], given: Partial<LivePipelineDeps> = {}) {
    const { start, started } = scriptedEncoders(...manners)
    this.encoders = started
    this.factory = createLivePipeline({
      clock: this.time,
      timers: this.time,
      startEncoder: start,
      setting: ['480p', '360p'],
      capacity: () => null,
      sourceMaxBitrateBps: 8_000_000,
      ...given,
    })
    this.pipeline = this.another()
  }

  another(): LivePipeline {
    return this.factory({
      nextNumber: () => this.#number++,
      emit: (event) => this.events.push(event),
      report: (fault) => this.faults.push(fault),
    })
  }

  /** Plays a feed in real time: what is at `ms` of its clock arrives `ms - fromMs` later. */
  play({ fromMs = 0, toMs, ...shape }: FeedShape): void {
    const { keyframeEveryMs = 2_000, keyframeAtMs = fromMs, sound = true, configs = true } = shape
    const startMs = this.time.monotonicMs()
    const push = (packet: FeedPacket) => this.pipeline.push(packet)
    if (configs) this.configure(sound)
    // Sound is a frame behind the picture, as if it came from the line.
    let nextSoundMs = Math.max(0, Math.ceil((fromMs - frameMs + 1) / soundMs) * soundMs)
    for (let ms = fromMs; ms < toMs; ms += frameMs) {
      this.time.advanceTo(startMs + ms - fromMs)
      const arrivedAtMs = this.time.wallMs()
      const keyframe = ms >= keyframeAtMs && (ms - keyframeAtMs) % keyframeEveryMs === 0
      const data = Uint8Array.from([0, 0, 0, 2, keyframe ? 0x65 : 0x41, 0x88])
      push({ kind: 'video', dtsMs: ms, ptsMs: ms, keyframe, data, arrivedAtMs })
      for (; sound && nextSoundMs <= ms; nextSoundMs += soundMs) {
        push({ kind: 'audio', ptsMs: Math.round(nextSoundMs), data: Uint8Array.from([1, 2, 3]), arrivedAtMs })
      }
    }
    this.time.advanceTo(startMs + toMs - fromMs)
  }

  configure(sound = true): void {
    const arrivedAtMs = this.time.wallMs()
    this.pipeline.push({ kind: 'video-config', codec: 'h264', data: fullHdConfig, arrivedAtMs })
    if (sound) this.pipeline.push({ kind: 'audio-config', codec: 'aac', data: asc, arrivedAtMs })
  }

  get spans() {
    return this.events.filter((event) => event.type === 'span')
  }

  get ends() {
    return this.events.flatMap((event) =>
      event.type === 'span-end' ? [[event.cause, Math.round(event.durationMs)]] : [],
    )
  }

  get codes() {
    return this.faults.map(({ code }) => code)
  }

  names(span: number): string[] {
    return this.spans[span]?.renditions.map(({ name }) => name) ?? []
  }

  /** Media of a rendition in all spans, in milliseconds. */
  mediaMs(rendition: string): number {
    let sum = 0
    for (const event of this.events) {
      if (event.type !== 'part' || event.rendition !== rendition) continue
      const span = this.spans.find((one) => one.span === event.span)
      const timescale = span?.renditions.find(({ name }) => name === rendition)?.timescale ?? 1
      sum += (event.durationTicks * 1000) / timescale
    }
    return Math.round(sum)
  }

  /** Time from the start of the stage. */
  sinceStart(wallMs: number): number {
    return Math.round(wallMs - wallStartMs)
  }
}
