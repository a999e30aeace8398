import type { Clock } from '#archive/core/clock.ts'
import type { VideoFrame } from '#archive/hls/feed.ts'
import type { RungName } from '../ladder/rung.ts'
import type { EncodedFrame, Encoder, EncoderEnd, EncoderStart, StartEncoder } from './encoder.ts'
import { EncoderWatch } from './encoder-watch.ts'

export interface EncoderSink {
  config(rendition: RungName, avcC: Uint8Array): void
  frame(rendition: RungName, frame: EncodedFrame): void
  /** Nothing more comes. */
  end(): void
}

interface EncoderRunOptions extends Omit<EncoderStart, 'events'> {
  readonly start: StartEncoder
  readonly clock: Clock
  /** It is gone; `asked` when we wanted it to be. */
  readonly onEnd: (run: EncoderRun, end: EncoderEnd, asked: boolean) => void
}

/** One encoder from its start to its end, watched; it may be started before the span that it will serve. */
export class EncoderRun {
  readonly plan: EncoderStart['plan']
  readonly #encoder: Encoder
  readonly #clock: Clock
  readonly #watch: EncoderWatch<RungName>
  #sink: EncoderSink | null = null
  #ended = false
  #dismissed = false

  constructor({ start, clock, onEnd, ...what }: EncoderRunOptions) {
    this.plan = what.plan
    this.#clock = clock
    this.#watch = new EncoderWatch(what.plan.renditions.map(({ name }) => name))
    this.#encoder = start({
      ...what,
      events: {
        config: (rendition, avcC) => this.#sink?.config(rendition, avcC),
        frame: (rendition, frame) => {
          this.#watch.gave(rendition, frame.ptsMs, clock.monotonicMs())
          this.#sink?.frame(rendition, frame)
        },
        end: (end) => {
          this.#ended = true
          this.#sink?.end()
          onEnd(this, end, this.#dismissed)
        },
      },
    })
  }

  get ended(): boolean {
    return this.#ended
  }

  serve(sink: EncoderSink): void {
    this.#sink = sink
    if (this.#ended) sink.end()
  }

  push(frame: VideoFrame): void {
    if (this.#ended || this.#dismissed) return
    this.#watch.fed(frame.ptsMs, this.#clock.monotonicMs())
    this.#encoder.push(frame)
  }

  verdict(): 'fine' | 'stalled' | 'overloaded' {
    if (this.#ended || this.#dismissed) return 'fine'
    return this.#watch.verdict(this.#clock.monotonicMs())
  }

  /** Lets out what is inside; its end is no death from here on. */
  finish(): void {
    if (this.#dismissed) return
    this.#dismissed = true
    if (!this.#ended) this.#encoder.finish()
  }

  kill(): void {
    this.#dismissed = true
    if (!this.#ended) this.#encoder.kill()
  }
}
