import type { ErrorCode } from '#archive/core/error-codes.ts'
import type { SpanId } from '#archive/core/ids.ts'
import type { PackagedEvent, RenditionName } from '#archive/hls/packaging.ts'
import type { AacConfig } from '../codec/aac-config.ts'
import type { AvcConfig } from '../codec/avc-config.ts'
import type { Fraction } from '../codec/avc-vui.ts'

export interface SpanOptions {
  readonly span: SpanId
  /** `source`: the encoder's own video is the master; `encoded`: the first of `encoded` is. */
  readonly mode: 'source' | 'encoded'
  /** The encoder's own video, packaged in mode `source` only. */
  readonly video: { readonly config: AvcConfig; readonly avcC: Uint8Array }
  /** The feed's sound, copied in both modes; null for a feed without. */
  readonly audio: { readonly config: AacConfig; readonly asc: Uint8Array } | null
  /** What the encoder was asked for, highest first. */
  readonly encoded: readonly EncodedRendition[]
  /** Of the master; null when it keeps to none. */
  readonly frameRate: Fraction | null
  /** The longest keyframe interval already observed in this feed, 0 when nothing is known. */
  readonly longestGopMs?: number
  readonly limits?: Partial<SpanLimits>
  /** Called once for each segment of the master. */
  readonly nextNumber: () => number
  readonly emit: (event: PackagedEvent) => void
  readonly report: (code: ErrorCode, detail: string) => void
  /** WallTime at which the frame with this time of the encoder's clock was captured. */
  readonly wallMsAt: (feedMs: number) => number
}

export interface EncodedRendition {
  readonly name: RenditionName
  readonly width: number
  readonly height: number
  /** What the encoder is asked for, RFC 6381: announced before the encoder has said anything. */
  readonly codecs: string
  /** Its own rate where it differs from the master's. */
  readonly frameRate?: Fraction | null
}

export interface SpanLimits {
  /** What a part aims at. */
  readonly nominalPartMs: number
  /** PART-TARGET: no part is longer. */
  readonly longestPartMs: number
  /** 85 % of PART-TARGET: no part is shorter but the last of a segment and one that a keyframe begins. */
  readonly shortestPartMs: number
  /** A segment is the longest run of whole GOPs up to this; rounds to a TARGETDURATION of 4. */
  readonly longestSegmentMs: number
  /** How far the sound may stay behind the video before its segment is closed without the rest. */
  readonly audioLagMs: number
  /** The same for an encoded rendition. */
  readonly encodedLagMs: number
}

/** 0.42 s covers whole frames of 23.976 to 60 fps and of AAC at 44.1 and 48 kHz around a nominal 0.4 s. */
export const spanLimits: SpanLimits = {
  nominalPartMs: 400,
  longestPartMs: 420,
  shortestPartMs: 357,
  longestSegmentMs: 4400,
  audioLagMs: 2000,
  encodedLagMs: 6000,
}
