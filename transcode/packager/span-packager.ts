import type { AudioFrame, FeedSample } from '#archive/hls/feed.ts'
import type { PackagedEvent, RenditionName, SpanCause } from '#archive/hls/packaging.ts'
import { writeInit } from '../mp4/init-section.ts'
import { AudioClock } from './audio-clock.ts'
import { type EncodedFrame, EncodedTrack } from './encoded-track.ts'
import { Follower } from './follower.ts'
import { FrameGrid } from './frame-grid.ts'
import { type MasterFrame, MasterVideo } from './master-video.ts'
import { audioSpec, encodedSpec, sourceSpec } from './rendition-spec.ts'
import { RenditionTrack } from './rendition-track.ts'
import { type SpanLimits, type SpanOptions, spanLimits } from './span-options.ts'
import { SpanPlan } from './span-plan.ts'

/** Twenty seconds of sound: an encoded master comes later than the sound by what its encoder holds. */
const mostEarlySounds = 1000

/**
 * One span of a recording: takes the feed's packets and the encoders' frames and emits `span`, then each rendition's
 * `init`, parts, segments and gaps in order, and `span-end` last. Pure: no clock, no I/O. Never throws.
 * Nothing is emitted before the first keyframe of the master, which is where the span begins.
 */
export class SpanPackager {
  readonly #options: SpanOptions
  readonly #limits: SpanLimits
  readonly #plan: SpanPlan
  readonly #master: MasterVideo
  readonly #audio: { readonly follower: Follower; readonly clock: AudioClock } | null
  readonly #encoded: ReadonlyMap<RenditionName, EncodedTrack>
  #early: AudioFrame[] = []
  #zeroMs: number | null = null
  #finished = false

  constructor(options: SpanOptions) {
    this.#options = options
    this.#limits = { ...spanLimits, ...options.limits }
    const grid = new FrameGrid(options.frameRate)
    this.#plan = new SpanPlan(grid.timescale)
    this.#master = this.#makeMaster(grid)
    this.#audio = options.audio && this.#makeAudio(options.audio.config)
    this.#encoded = this.#makeEncoded(grid)
  }

  /**
   * Takes the feed's sound, and in mode `source` its video. Null when it was taken or is of no use here; a cause when
   * the span cannot go on: the packet was not taken, the caller calls `finish(cause)` and begins another span.
   */
  push(sample: FeedSample): SpanCause | null {
    if (this.#finished) return null
    if (sample.kind === 'audio') {
      this.#pushAudio(sample)
      return null
    }
    return this.#options.mode === 'source' ? this.#pushMaster(sample) : null
  }

  /** The configuration that the encoder of a rendition really made (again after its restart). */
  encodedConfig(rendition: RenditionName, avcC: Uint8Array): void {
    this.#encoded.get(rendition)?.configure(avcC)
  }

  /** As `push`; a cause is only answered for the master in mode `encoded`. */
  pushEncoded(rendition: RenditionName, frame: EncodedFrame): SpanCause | null {
    const track = this.#encoded.get(rendition)
    if (this.#finished || !track?.usable) return null
    if (!track.follower) return this.#pushMaster({ ...frame, dtsMs: frame.ptsMs })
    track.push(frame)
    return null
  }

  /** An encoded rendition is shed: what is open closes short, gaps follow until `encodedConfig` comes again. */
  drop(rendition: RenditionName): void {
    this.#encoded.get(rendition)?.follower?.drop()
  }

  /** No packet of the feed follows: in mode `source` the master and the sound are flushed at once. */
  endFeed(): void {
    if (this.#options.mode !== 'source') return
    this.#master.finish()
    this.#audio?.follower.finish()
  }

  /** Flushes everything and ends the span; what an encoded rendition still lacks becomes gaps. */
  finish(cause: SpanCause): void {
    if (this.#finished) return
    this.#finished = true
    this.#master.finish()
    this.#audio?.follower.finish()
    for (const track of this.#encoded.values()) track.finish()
    if (this.#zeroMs === null) return
    const durationMs = (this.#master.endTicks * 1000) / this.#plan.timescale
    this.#options.emit({ type: 'span-end', span: this.#options.span, durationMs, cause })
  }

  #pushMaster(frame: MasterFrame): SpanCause | null {
    const cause = this.#master.push(frame)
    if (cause === null) this.#drainFollowers()
    return cause
  }

  #pushAudio(sample: AudioFrame): void {
    if (!this.#audio) return
    if (this.#zeroMs === null) {
      this.#early.push(sample)
      if (this.#early.length > mostEarlySounds) this.#early.shift()
      return
    }
    const ticks = this.#audio.clock.place(sample.ptsMs - this.#zeroMs)
    if (ticks === null) return
    this.#audio.follower.push({ ticks, keyframe: true, compositionOffset: 0, data: sample.data })
    this.#audio.follower.drain()
  }

  #drainFollowers(): void {
    this.#audio?.follower.drain()
    let slowest = this.#audio?.follower.index ?? Number.MAX_SAFE_INTEGER
    for (const track of this.#encoded.values()) {
      track.drain()
      slowest = Math.min(slowest, track.follower?.index ?? slowest)
    }
    this.#plan.forget(slowest)
  }

  #start(zeroMs: number): void {
    this.#zeroMs = zeroMs
    const { span, mode, video, audio, encoded, frameRate, wallMsAt } = this.#options
    const timescale = this.#plan.timescale
    const source = sourceSpec(video.config, { frameRate, timescale })
    const ladder = encoded.map((rendition) => encodedSpec(rendition, { frameRate, timescale }))
    const master = mode === 'source' ? 'source' : (encoded[0]?.name ?? 'source')
    const sound = audio ? [audioSpec(audio.config)] : []
    const renditions = [...(mode === 'source' ? [source] : []), ...ladder, ...sound]
    this.#emit({ type: 'span', span, wallMs: wallMsAt(zeroMs), master, renditions })
    if (mode === 'source') this.#emitInit('source', writeInit({ ...source, sar: video.config.sar, avcC: video.avcC }))
    if (audio) this.#emitInit('audio', writeInit({ ...audioSpec(audio.config), asc: audio.asc }))
    for (const track of this.#encoded.values()) track.start(zeroMs)
    for (const sample of this.#early.splice(0)) this.#pushAudio(sample)
  }

  #emit(event: PackagedEvent): void {
    this.#options.emit(event)
  }

  #emitInit(rendition: RenditionName, bytes: Uint8Array): void {
    this.#emit({ type: 'init', span: this.#options.span, rendition, bytes })
  }

  #trackOptions(rendition: RenditionName, kind: 'video' | 'audio', timescale: number) {
    return { span: this.#options.span, rendition, kind, timescale, limits: this.#limits, emit: this.#options.emit }
  }

  #makeMaster(grid: FrameGrid): MasterVideo {
    const { mode, encoded, nextNumber, longestGopMs = 0 } = this.#options
    const rendition = mode === 'source' ? 'source' : (encoded[0]?.name ?? 'source')
    return new MasterVideo({
      grid,
      plan: this.#plan,
      track: new RenditionTrack(this.#trackOptions(rendition, 'video', grid.timescale)),
      limits: this.#limits,
      longestGopMs,
      nextNumber,
      onStart: (zeroMs) => this.#start(zeroMs),
    })
  }

  #makeAudio({ sampleRate, samplesPerFrame }: { sampleRate: number; samplesPerFrame: number }) {
    const follower = new Follower({
      ...this.#trackOptions('audio', 'audio', sampleRate),
      plan: this.#plan,
      frameTicks: samplesPerFrame,
      lagMs: this.#limits.audioLagMs,
    })
    return { follower, clock: new AudioClock(sampleRate, samplesPerFrame) }
  }

  #makeEncoded(grid: FrameGrid): ReadonlyMap<RenditionName, EncodedTrack> {
    const { mode, encoded, report } = this.#options
    const frameTicks = grid.frameTicks ?? grid.exactTicks(1000 / 25)
    const tracks = encoded.map((rendition, index): [RenditionName, EncodedTrack] => {
      const track = this.#trackOptions(rendition.name, 'video', grid.timescale)
      const isMaster = mode === 'encoded' && index === 0
      const follower = isMaster
        ? null
        : new Follower({ ...track, plan: this.#plan, frameTicks, lagMs: this.#limits.encodedLagMs })
      return [rendition.name, new EncodedTrack({ rendition, follower, track, plan: this.#plan, report })]
    })
    return new Map(tracks)
  }
}
