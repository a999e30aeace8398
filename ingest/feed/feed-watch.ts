import type { FeedConfig, FeedPacket, VideoFrame } from '#archive/hls/feed.ts'

/** What an operator may know of a feed while nothing of its contents is let in. Null is "not known yet". */
export interface FeedFacts {
  /** WallTime of the connection. */
  readonly sinceMs: number
  /** As in CODECS of HLS (RFC 6381), for instance `avc1.64001f`; the name that the encoder gave when it is refused. */
  readonly videoCodec: string | null
  readonly audioCodec: string | null
  readonly audioChannels: number | null
  /** As the encoder's metadata says. */
  readonly width: number | null
  readonly height: number | null
  /** Counted; what the metadata says until there is enough to count. */
  readonly framesPerSecond: number | null
  /** Between the last two keyframes. */
  readonly keyframeIntervalMs: number | null
  readonly bitrateBps: number
  readonly encoder: string | null
}

/** What the watch asks of a publish session. */
export interface WatchedSession {
  encoder(): {
    readonly name: string | null
    readonly width: number | null
    readonly height: number | null
    readonly framesPerSecond: number | null
  }
  stats(): { readonly sinceMs: number; readonly bitrateBps: number }
}

/** Frame times kept for counting: five seconds at 25 frames a second. */
const countedFrames = 125
const leastFrames = 25

/** Derives facts from a session's packets and keeps none of them: timestamps and codec parameters alone. */
export class FeedWatch {
  readonly #session: WatchedSession
  #videoCodec: string | null = null
  #audioCodec: string | null = null
  #audioChannels: number | null = null
  #frameTimes: number[] = []
  #lastKeyframeMs: number | null = null
  #keyframeIntervalMs: number | null = null

  constructor(session: WatchedSession) {
    this.#session = session
  }

  observe(packet: FeedPacket): void {
    if (packet.kind === 'video') this.#observeFrame(packet)
    else if (packet.kind === 'video-config') this.#videoCodec = videoCodec(packet)
    else if (packet.kind === 'audio-config') {
      this.#audioCodec = audioCodec(packet)
      this.#audioChannels = packet.codec === 'aac' ? channels(packet.data) : null
    }
  }

  facts(): FeedFacts {
    const said = this.#session.encoder()
    const { sinceMs, bitrateBps } = this.#session.stats()
    return {
      sinceMs,
      videoCodec: this.#videoCodec,
      audioCodec: this.#audioCodec,
      audioChannels: this.#audioChannels,
      width: said.width,
      height: said.height,
      framesPerSecond: this.#countedRate() ?? said.framesPerSecond,
      keyframeIntervalMs: this.#keyframeIntervalMs,
      bitrateBps,
      encoder: said.name,
    }
  }

  #observeFrame(frame: VideoFrame): void {
    const last = this.#frameTimes.at(-1)
    // A clock that stepped back begins another count.
    if (last !== undefined && frame.dtsMs < last) this.#frameTimes = []
    this.#frameTimes.push(frame.dtsMs)
    if (this.#frameTimes.length > countedFrames) this.#frameTimes.shift()
    if (!frame.keyframe) return
    const since = this.#lastKeyframeMs === null ? null : frame.dtsMs - this.#lastKeyframeMs
    this.#keyframeIntervalMs = since !== null && since > 0 ? since : null
    this.#lastKeyframeMs = frame.dtsMs
  }

  #countedRate(): number | null {
    const first = this.#frameTimes[0]
    const last = this.#frameTimes.at(-1)
    if (first === undefined || last === undefined || last <= first || this.#frameTimes.length < leastFrames) return null
    return Math.round(((this.#frameTimes.length - 1) * 100_000) / (last - first)) / 100
  }
}

/** `avc1.` and the profile, its constraints and the level from the record (RFC 6381 3.3, ISO/IEC 14496-15 5.3.3.1). */
function videoCodec({ codec, data }: FeedConfig): string | null {
  if (codec !== 'h264') return foreignCodec(data)
  return data.length >= 4 ? `avc1.${Buffer.from(data.subarray(1, 4)).toString('hex')}` : null
}

/** `mp4a.40.` and the audio object type (ISO/IEC 14496-3 1.6.2.1). */
function audioCodec({ codec, data }: FeedConfig): string | null {
  if (codec !== 'aac') return foreignCodec(data)
  const first = data[0]
  return first === undefined ? null : `mp4a.40.${first >> 3}`
}

/** channelConfiguration follows five bits of object type and four of sampling frequency; 0 is "described elsewhere". */
function channels(config: Uint8Array): number | null {
  const second = config[1]
  const configuration = second === undefined ? 0 : (second >> 3) & 0x0f
  return configuration === 7 ? 8 : configuration >= 1 && configuration <= 6 ? configuration : null
}

/** The FourCC of Enhanced RTMP, or the number of an old FLV codec. */
function foreignCodec(name: Uint8Array): string {
  const text = Buffer.from(name).toString('latin1')
  return /^[\x21-\x7e]{4}$/.test(text) ? text : `flv-${Buffer.from(name).toString('hex')}`
}
