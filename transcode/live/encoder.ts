import type { VideoFrame } from '#archive/hls/feed.ts'
import type { EncoderPlan } from '../ladder/encoder-arguments.ts'
import type { RungName } from '../ladder/rung.ts'

/** One encoded picture; `ptsMs` is the encoder's clock of the feed, as it went in. */
export interface EncodedFrame {
  readonly ptsMs: number
  readonly keyframe: boolean
  /** NAL units behind 4-byte lengths. Whoever keeps it owns it. */
  readonly data: Uint8Array
}

export interface EncoderStart {
  readonly plan: EncoderPlan
  /** AVCDecoderConfigurationRecord of the feed. */
  readonly config: Uint8Array
  readonly framesPerSecond: number | null
  readonly events: EncoderEvents
}

export interface EncoderEvents {
  /** Once per rendition, before its first frame: the AVCDecoderConfigurationRecord of what follows. */
  config(rendition: RungName, avcC: Uint8Array): void
  frame(rendition: RungName, frame: EncodedFrame): void
  /** Exactly once, after everything else. */
  end(end: EncoderEnd): void
}

export interface EncoderEnd {
  /** `finished`: it was asked to and gave all it had. `killed`: we did. `died`: anything else. */
  readonly cause: 'finished' | 'killed' | 'died'
  readonly detail: string
}

/** Decodes the feed's video once and encodes a ladder. Never throws and never blocks whoever pushes. */
export interface Encoder {
  /** The first frame pushed is a keyframe. */
  push(frame: VideoFrame): void
  /** Nothing more is pushed; what is inside comes out, then `end`. */
  finish(): void
  kill(): void
}

export type StartEncoder = (start: EncoderStart) => Encoder
