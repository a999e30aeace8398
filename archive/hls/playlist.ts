/**
 * HLS playlists as data (draft-pantos-hls-rfc8216bis, section 4.4). Durations are seconds, as the format has them;
 * times are UTC milliseconds. What a playlist does not say is null, never undefined.
 */
export interface MediaPlaylist {
  readonly kind: 'media'
  /** EXT-X-VERSION */
  readonly version: number
  /** EXT-X-TARGETDURATION, required: round(EXTINF) of every segment is at most this (4.4.3.1). */
  readonly targetDurationS: number
  /** EXT-X-MEDIA-SEQUENCE of the first segment, skipped ones included; never decreases. */
  readonly mediaSequence: number
  /** EXT-X-DISCONTINUITY-SEQUENCE; never decreases. */
  readonly discontinuitySequence: number
  /** EXT-X-PLAYLIST-TYPE */
  readonly type: 'VOD' | 'EVENT' | null
  /** EXT-X-INDEPENDENT-SEGMENTS */
  readonly independentSegments: boolean
  /** EXT-X-SERVER-CONTROL */
  readonly serverControl: ServerControl | null
  /** EXT-X-PART-INF */
  readonly partTargetS: number | null
  /** EXT-X-SKIP; null in a full playlist. */
  readonly skip: Skip | null
  readonly segments: readonly MediaSegment[]
  /** Parts of the segment that is not complete yet. */
  readonly openParts: readonly Part[]
  /** What stands before the first of `openParts`; absent where nothing does. */
  readonly openHead?: SegmentHead | null
  readonly preloadHints: readonly PreloadHint[]
  readonly renditionReports: readonly RenditionReport[]
  readonly dateRanges: readonly DateRange[]
  /** EXT-X-ENDLIST */
  readonly ended: boolean
}

export interface SegmentHead {
  /** EXT-X-DISCONTINUITY before this segment. */
  readonly discontinuity: boolean
  /** EXT-X-PROGRAM-DATE-TIME of its first sample. */
  readonly programDateTimeMs: number | null
  /** EXT-X-MAP in force; written where it changes. */
  readonly map: MediaMap | null
}

export interface MediaSegment extends SegmentHead {
  /** EXTINF, required. */
  readonly durationS: number
  readonly uri: string
  /** EXT-X-GAP: the segment is known to be absent and must not be fetched. */
  readonly gap: boolean
  /** EXT-X-BYTERANGE */
  readonly byteRange: ByteRange | null
  readonly parts: readonly Part[]
}

export interface ByteRange {
  readonly lengthBytes: number
  /** Null: it follows the previous range of the same resource. */
  readonly offsetBytes: number | null
}

/** EXT-X-MAP (4.4.4.5). */
export interface MediaMap {
  readonly uri: string
  readonly byteRange: ByteRange | null
}

/** EXT-X-PART (4.4.4.9). */
export interface Part {
  readonly uri: string
  readonly durationS: number
  readonly independent: boolean
  readonly gap: boolean
  readonly byteRange: ByteRange | null
}

/** EXT-X-SERVER-CONTROL (4.4.3.8). */
export interface ServerControl {
  readonly canBlockReload: boolean
  readonly canSkipUntilS: number | null
  readonly canSkipDateRanges: boolean
  readonly holdBackS: number | null
  readonly partHoldBackS: number | null
}

/** EXT-X-SKIP (4.4.5.2). */
export interface Skip {
  readonly segments: number
  readonly removedDateRanges: readonly string[]
}

/** EXT-X-PRELOAD-HINT (4.4.5.3). */
export interface PreloadHint {
  readonly type: 'PART' | 'MAP'
  readonly uri: string
  readonly startBytes: number | null
  readonly lengthBytes: number | null
}

/** EXT-X-RENDITION-REPORT (4.4.5.4). */
export interface RenditionReport {
  readonly uri: string
  readonly lastMsn: number | null
  readonly lastPart: number | null
}

/** EXT-X-DATERANGE (4.4.5.1); its attributes may not change once published. */
export interface DateRange {
  readonly id: string
  readonly class: string | null
  readonly startMs: number
  readonly endMs: number | null
  readonly durationS: number | null
  /** X- attributes by full name; texts are written quoted. */
  readonly client: Readonly<Record<string, string | number>>
}

export interface MultivariantPlaylist {
  readonly kind: 'multivariant'
  readonly version: number
  readonly independentSegments: boolean
  readonly renditions: readonly AlternativeRendition[]
  readonly variants: readonly Variant[]
}

/** EXT-X-MEDIA (4.4.6.1). */
export interface AlternativeRendition {
  readonly type: 'AUDIO' | 'VIDEO' | 'SUBTITLES' | 'CLOSED-CAPTIONS'
  readonly groupId: string
  readonly name: string
  readonly language: string | null
  readonly isDefault: boolean
  readonly autoselect: boolean
  readonly channels: string | null
  /** Null: the media is within the variant itself. */
  readonly uri: string | null
}

/** EXT-X-STREAM-INF (4.4.6.2). */
export interface Variant {
  readonly uri: string
  /** Peak segment bit rate of the variant with its audio, required. */
  readonly bandwidthBps: number
  readonly averageBandwidthBps: number | null
  readonly codecs: string | null
  readonly resolution: { readonly width: number; readonly height: number } | null
  readonly frameRate: number | null
  readonly audio: string | null
}
