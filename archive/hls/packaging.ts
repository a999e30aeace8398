import type { ErrorCode } from '../core/error-codes.ts'
import type { SpanId } from '../core/ids.ts'
import type { FeedPacket } from './feed.ts'

/** `source` is the encoder's own video, untouched; `audio` the one AAC rendition; the others are encoded, named by height. */
export type RenditionName = 'source' | 'audio' | '1080p' | '720p' | '480p' | '360p'

export type RenditionSpec = VideoSpec | AudioSpec

export interface VideoSpec {
  readonly kind: 'video'
  readonly name: RenditionName
  /** RFC 6381, for instance `avc1.64001f`. */
  readonly codecs: string
  readonly width: number
  readonly height: number
  /** Frames per second as a fraction, or null when the source does not keep to one. */
  readonly frameRate: { readonly num: number; readonly den: number } | null
  /** Ticks per second of every duration of this rendition. */
  readonly timescale: number
}

export interface AudioSpec {
  readonly kind: 'audio'
  readonly name: 'audio'
  readonly codecs: string
  readonly channels: number
  readonly sampleRate: number
  readonly timescale: number
}

/** The clock of a span: MediaTime zero of the span is `zeroMs` of the encoder's clock, captured at `wallMs`. */
export interface SpanStart {
  readonly span: SpanId
  /** WallTime at which the first frame was captured, as well as arrival times can tell. */
  readonly wallMs: number
  /** The rendition that the archive keeps as the integral master: `source` where it fits, else the highest encoded one. */
  readonly master: RenditionName
  readonly renditions: readonly RenditionSpec[]
}

/** What leaves the packager, in order within a rendition. `n` is the media sequence number, shared by all renditions. */
export type PackagedEvent =
  | ({ readonly type: 'span' } & SpanStart)
  | { readonly type: 'init'; readonly span: SpanId; readonly rendition: RenditionName; readonly bytes: Uint8Array }
  /** `p` counts from 0 within segment `n`; the segment's bytes are its parts' bytes joined. */
  | {
      readonly type: 'part'
      readonly span: SpanId
      readonly rendition: RenditionName
      readonly n: number
      readonly p: number
      readonly durationTicks: number
      readonly independent: boolean
      readonly bytes: Uint8Array
    }
  /** Segment `n` is complete. `startTicks` counts from the start of the span. */
  | {
      readonly type: 'segment'
      readonly span: SpanId
      readonly rendition: RenditionName
      readonly n: number
      readonly startTicks: number
      readonly durationTicks: number
    }
  /** Rendition has no media for segment `n` (its encoder was shed or restarted); the duration is the master's, in milliseconds. */
  | {
      readonly type: 'gap'
      readonly span: SpanId
      readonly rendition: RenditionName
      readonly n: number
      readonly durationMs: number
    }
  /** Nothing more of this span follows, in any rendition. */
  | { readonly type: 'span-end'; readonly span: SpanId; readonly durationMs: number; readonly cause: SpanCause }

/** Why a span ended. */
export type SpanCause =
  | 'gate-shut'
  | 'disconnected'
  | 'meeting-ended'
  | 'timestamp-jump'
  | 'parameters-changed'
  | 'keyframes-too-far'
  | 'encoder-died'
  | 'ladder-changed'
  | 'stopped'

/** Something the operator should know; becomes an incident or an alarm. */
export interface PipelineFault {
  readonly code: ErrorCode
  readonly detail: string
  readonly atMs: number
}

/**
 * Turns one recording's feed into renditions, parts and segments. Never throws, never blocks: what it cannot use is
 * reported. After `cut` the next admitted keyframe begins a new span.
 */
export interface LivePipeline {
  push(packet: FeedPacket): void
  cut(cause: SpanCause): void
  /** Flushes what is inside the encoders (bounded by a deadline), ends the span and frees every process. */
  close(cause: SpanCause): Promise<void>
}

export interface LivePipelineOptions {
  /** The next free media sequence number; called once for each segment of the master. */
  readonly nextNumber: () => number
  readonly emit: (event: PackagedEvent) => void
  readonly report: (fault: PipelineFault) => void
}

export type LivePipelineFactory = (options: LivePipelineOptions) => LivePipeline
