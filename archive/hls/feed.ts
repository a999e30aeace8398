/**
 * What an encoder sends, freed of its transport. Times are milliseconds of the encoder's own clock, unrolled from
 * RTMP's 32 bits; `arrivedAtMs` is WallTime. Whoever keeps `data` owns it: it is never a view on a reused buffer.
 */
export type FeedPacket = FeedConfig | FeedSample

export type FeedConfig =
  /** AVCDecoderConfigurationRecord (ISO/IEC 14496-15 5.3.3.1), or what stands in for it in another codec. */
  | {
      readonly kind: 'video-config'
      readonly codec: 'h264' | 'other'
      readonly data: Uint8Array
      readonly arrivedAtMs: number
    }
  /** AudioSpecificConfig (ISO/IEC 14496-3 1.6.2.1), or what stands in for it in another codec. */
  | {
      readonly kind: 'audio-config'
      readonly codec: 'aac' | 'other'
      readonly data: Uint8Array
      readonly arrivedAtMs: number
    }

export type FeedSample = VideoFrame | AudioFrame

/** One access unit: NAL units, each behind a length field as its configuration says. */
export interface VideoFrame {
  readonly kind: 'video'
  readonly dtsMs: number
  readonly ptsMs: number
  readonly keyframe: boolean
  readonly data: Uint8Array
  readonly arrivedAtMs: number
}

/** One raw AAC access unit, without ADTS header. */
export interface AudioFrame {
  readonly kind: 'audio'
  readonly ptsMs: number
  readonly data: Uint8Array
  readonly arrivedAtMs: number
}
