import type { Readable } from 'node:stream'
import type { FfprobeData, FfprobeStream } from 'fluent-ffmpeg'
import { failureOf, fluent } from './fluent.ts'

export interface Fraction {
  readonly num: number
  readonly den: number
}

/** What ffprobe says of a file, in our own words; null is "unknown", never zero. */
export interface MediaProbe {
  /** ffprobe's list of names, for instance `mov,mp4,m4a,3gp,3g2,mj2`. */
  readonly format: string | null
  readonly durationMs: number | null
  readonly video: VideoProbe | null
  readonly audio: AudioProbe | null
}

export interface VideoProbe {
  readonly codec: string | null
  readonly profile: string | null
  readonly width: number | null
  readonly height: number | null
  readonly pixelFormat: string | null
  readonly frameRate: Fraction | null
  readonly sampleAspect: Fraction | null
  readonly interlaced: boolean | null
  readonly bitrateBps: number | null
  readonly startMs: number | null
}

export interface AudioProbe {
  readonly codec: string | null
  readonly profile: string | null
  readonly channels: number | null
  readonly sampleRate: number | null
  readonly bitrateBps: number | null
  readonly startMs: number | null
}

/**
 * Probes a file (readable by nobody when we run as root) or a stream.
 * @throws AppError FFMPEG_MISSING, FFMPEG_FAILED
 */
export async function probe(input: string | Readable): Promise<MediaProbe> {
  const data = await new Promise<FfprobeData>((resolve, reject) => {
    fluent(input).ffprobe((error, found) => (error ? reject(failureOf(error)) : resolve(found)))
  })
  return mediaProbeOf(data)
}

export function mediaProbeOf(data: FfprobeData): MediaProbe {
  const video = data.streams.find((stream) => stream.codec_type === 'video')
  const audio = data.streams.find((stream) => stream.codec_type === 'audio')
  return {
    format: textOf(data.format.format_name),
    durationMs: msOf(data.format.duration),
    video: video ? videoOf(video) : null,
    audio: audio ? audioOf(audio) : null,
  }
}

function videoOf(stream: FfprobeStream): VideoProbe {
  return {
    codec: textOf(stream.codec_name),
    profile: textOf(stream.profile),
    width: positiveOf(stream.width),
    height: positiveOf(stream.height),
    pixelFormat: textOf(stream.pix_fmt),
    frameRate: fractionOf(stream.avg_frame_rate, '/'),
    sampleAspect: fractionOf(stream.sample_aspect_ratio, ':'),
    interlaced: interlacedOf(stream.field_order),
    bitrateBps: positiveOf(stream.bit_rate),
    startMs: msOf(stream.start_time),
  }
}

function audioOf(stream: FfprobeStream): AudioProbe {
  return {
    codec: textOf(stream.codec_name),
    profile: textOf(stream.profile),
    channels: positiveOf(stream.channels),
    sampleRate: positiveOf(stream.sample_rate),
    bitrateBps: positiveOf(stream.bit_rate),
    startMs: msOf(stream.start_time),
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value !== 'unknown' && value !== 'N/A' ? value : null
}

function numberOf(value: unknown): number | null {
  if (value === undefined || value === null || value === '') return null
  const number = Number(value)
  return Number.isFinite(number) ? number : null
}

function positiveOf(value: unknown): number | null {
  const number = numberOf(value)
  return number !== null && number > 0 ? number : null
}

function msOf(seconds: unknown): number | null {
  const number = numberOf(seconds)
  return number === null ? null : Math.round(number * 1000)
}

function fractionOf(value: unknown, separator: '/' | ':'): Fraction | null {
  if (typeof value !== 'string') return null
  const [num, den] = value.split(separator).map(Number)
  return num !== undefined && den !== undefined && num > 0 && den > 0 ? { num, den } : null
}

function interlacedOf(fieldOrder: unknown): boolean | null {
  const text = textOf(fieldOrder)
  return text === null ? null : text !== 'progressive'
}
