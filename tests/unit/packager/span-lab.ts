import type { SpanId } from '#archive/core/ids.ts'
import type { AudioFrame, FeedSample, VideoFrame } from '#archive/hls/feed.ts'
import type { PackagedEvent, RenditionName } from '#archive/hls/packaging.ts'
import { type AvcConfig, parseAvcConfig } from '../../../transcode/codec/avc-config.ts'
import type { Fraction } from '../../../transcode/codec/avc-vui.ts'
import type { MediaSample } from '../../../transcode/mp4/fragment-reader.ts'
import { readTrack } from '../../../transcode/mp4/track-reader.ts'
import type { EncodedRendition, SpanOptions } from '../../../transcode/packager/span-options.ts'
import { SpanPackager } from '../../../transcode/packager/span-packager.ts'

/** Constrained baseline, 320 by 180, 25 frames a second, as x264 writes it. */
export const avcC = new Uint8Array(
  Buffer.from('0142c00cffe100196742c00cd901419f9f011000000300100000030320f142a48001000568cb83cb20', 'hex'),
)
export const asc48k = Uint8Array.of(0x11, 0x90)
export const rate = (num: number, den = 1): Fraction => ({ num, den })

export function avcConfig(): AvcConfig {
  const outcome = parseAvcConfig(avcC)
  if (!outcome.ok) throw new Error(outcome.message)
  return outcome.value
}

export const aac = (sampleRate: number) => ({
  config: { codecs: 'mp4a.40.2', objectType: 2, sampleRate, channels: 2, samplesPerFrame: 1024 },
  asc: asc48k,
})

export const rung360: EncodedRendition = { name: '360p', width: 320, height: 180, codecs: 'avc1.42c00c' }

export interface Lab {
  readonly packager: SpanPackager
  readonly events: PackagedEvent[]
  readonly reports: string[]
}

/** A span that begins at number 100, without sound or encoders unless asked, its wall clock 1,000,000 ms ahead. */
export function makeLab(options: Partial<SpanOptions> = {}): Lab {
  const events: PackagedEvent[] = []
  const reports: string[] = []
  let number = 100
  const packager = new SpanPackager({
    span: 'span' as SpanId,
    mode: 'source',
    video: { config: avcConfig(), avcC },
    audio: null,
    encoded: [],
    frameRate: rate(25),
    nextNumber: () => number++,
    emit: (event) => void events.push(event),
    report: (code, detail) => void reports.push(`${code} ${detail}`),
    wallMsAt: (feedMs) => feedMs + 1_000_000,
    ...options,
  })
  return { packager, events, reports }
}

export const video = (dtsMs: number, keyframe = false, ptsMs = dtsMs): VideoFrame => ({
  kind: 'video',
  dtsMs,
  ptsMs,
  keyframe,
  data: Uint8Array.of(0, 0, 0, 2, keyframe ? 0x65 : 0x41, dtsMs & 0xff),
  arrivedAtMs: dtsMs,
})

export const sound = (ptsMs: number): AudioFrame => ({
  kind: 'audio',
  ptsMs,
  data: Uint8Array.of(0x21, ptsMs & 0xff),
  arrivedAtMs: ptsMs,
})

export const encoded = (ptsMs: number, keyframe = false) => ({ ptsMs, keyframe, data: video(ptsMs, keyframe).data })

/** Frames of a constant rate; every `gop`-th is a keyframe. */
export function frames(count: number, { fps = 25, gop = 50, fromMs = 0, keyOffset = 0 } = {}): VideoFrame[] {
  return Array.from({ length: count }, (_, index) =>
    video(Math.round(fromMs + (index * 1000) / fps), (index + keyOffset) % gop === 0),
  )
}

export function sounds(seconds: number, { sampleRate = 48_000, fromMs = 0 } = {}): AudioFrame[] {
  const count = Math.floor((seconds * sampleRate) / 1024)
  return Array.from({ length: count }, (_, index) => sound(Math.round(fromMs + (index * 1024_000) / sampleRate)))
}

/** As an encoder sends them: in order of decode time. */
export function interleaved(...feeds: readonly FeedSample[][]): FeedSample[] {
  const time = (sample: FeedSample) => (sample.kind === 'video' ? sample.dtsMs : sample.ptsMs)
  return feeds.flat().sort((a, b) => time(a) - time(b))
}

export type Part = Extract<PackagedEvent, { type: 'part' }>
export type Segment = Extract<PackagedEvent, { type: 'segment' }>

export const partsOf = (events: readonly PackagedEvent[], rendition: RenditionName): Part[] =>
  events.filter((event) => event.type === 'part').filter((event) => event.rendition === rendition)

export const segmentsOf = (events: readonly PackagedEvent[], rendition: RenditionName): Segment[] =>
  events.filter((event) => event.type === 'segment').filter((event) => event.rendition === rendition)

/** `[n, start, duration]` of each segment, in ticks; a gap has null and its milliseconds. */
export const outline = (events: readonly PackagedEvent[], rendition: RenditionName) =>
  events.flatMap((event): (number | null)[][] => {
    if (event.type === 'segment' && event.rendition === rendition)
      return [[event.n, event.startTicks, event.durationTicks]]
    return event.type === 'gap' && event.rendition === rendition ? [[event.n, null, event.durationMs]] : []
  })

export function samplesOf(events: readonly PackagedEvent[], rendition: RenditionName): MediaSample[] {
  const init = events.filter((event) => event.type === 'init').find((event) => event.rendition === rendition)
  const parts = partsOf(events, rendition).map((part) => part.bytes)
  return readTrack(init?.bytes ?? new Uint8Array(), ...parts).samples
}
