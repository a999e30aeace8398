import { AppError } from '#archive/core/errors.ts'
import type { RenditionName, RenditionSpec } from '#archive/hls/packaging.ts'
import { slateRhythm, slateSlots } from '#archive/hls/slate-layout.ts'
import { parseAacConfig } from '../codec/aac-config.ts'
import { parseAvcConfig } from '../codec/avc-config.ts'
import { startProgram } from '../ffmpeg/program.ts'
import { FragmentReader, type MediaSample } from '../mp4/fragment-reader.ts'
import type { TrackInit } from '../mp4/init-reader.ts'
import { writeInit } from '../mp4/init-section.ts'
import { silentUnits, slateArguments } from './slate-arguments.ts'
import type { SlateAsset, SlateRendition } from './slate-asset.ts'
import { type SlateRequest, slateKey } from './slate-request.ts'

/** The pictures are needed some time after the stream has begun; its encoders go first. */
const niceness = 15
const patienceMs = 60_000

/**
 * Encodes a slate, without words where text cannot be drawn (no font, an ffmpeg without freetype).
 * @throws AppError SLATE_FAILED, FFMPEG_MISSING
 */
export async function makeSlate(request: SlateRequest, signal?: AbortSignal): Promise<SlateAsset> {
  const asset =
    (await encode(request, { withText: true, signal })) ?? (await encode(request, { withText: false, signal }))
  if (!asset) throw new AppError('SLATE_FAILED', { message: 'ffmpeg made no usable slate.' })
  return asset
}

interface Attempt {
  readonly withText: boolean
  readonly signal: AbortSignal | undefined
}

async function encode(request: SlateRequest, { withText, signal }: Attempt): Promise<SlateAsset | null> {
  const program = startProgram({
    program: 'ffmpeg',
    args: slateArguments(request, withText),
    outputs: request.renditions.length,
    niceness,
    stallMs: patienceMs,
    ...(signal ? { signal } : {}),
  })
  const reading = Promise.all(program.outputs.map(readOutput))
  const end = await program.ended
  const outputs = await reading
  if (end.cause === 'not-started') throw new AppError('FFMPEG_MISSING', { cause: new Error(end.tail) })
  if (end.code !== 0 && !withText) throw new AppError('SLATE_FAILED', { cause: new Error(end.tail) })
  const rhythm = slateRhythm(request.renditions)
  const frames = rhythm.framesPerSlot * slateSlots
  const renditions = new Map<RenditionName, SlateRendition>()
  for (const [i, spec] of request.renditions.entries()) {
    const made = outputs[i] && renditionOf(spec, outputs[i], frames)
    if (!made) return null
    renditions.set(spec.name, made)
  }
  return { key: slateKey(request), rhythm, renditions }
}

interface Output {
  readonly init: TrackInit
  readonly samples: readonly MediaSample[]
}

/** Null where what came is no MP4: the program's end tells why. */
async function readOutput(pipe: AsyncIterable<Uint8Array>): Promise<Output | null> {
  const reader = new FragmentReader()
  let init: TrackInit | null = null
  const samples: MediaSample[] = []
  try {
    for await (const chunk of pipe) {
      for (const event of reader.push(chunk)) {
        if (event.type === 'init') init = event.init
        else samples.push(event)
      }
    }
  } catch {
    return null
  }
  return init && { init, samples }
}

function renditionOf(spec: RenditionSpec, { init, samples }: Output, frames: number): SlateRendition | null {
  return spec.kind === 'video' ? videoOf(spec, { init, samples }, frames) : audioOf(spec, { init, samples })
}

function videoOf(spec: Extract<RenditionSpec, { kind: 'video' }>, output: Output, frames: number) {
  const config = parseAvcConfig(output.init.config)
  const { samples } = output
  const isWhole = samples.length === frames && samples.every(({ keyframe }, i) => keyframe === (i === 0))
  if (!config.ok || !isWhole || config.value.width !== spec.width || config.value.height !== spec.height) return null
  const init = writeInit({ ...spec, avcC: output.init.config })
  return { spec: { ...spec, codecs: config.value.codecs }, init, units: samples.map(({ data }) => data) }
}

function audioOf(spec: Extract<RenditionSpec, { kind: 'audio' }>, { init: { config }, samples }: Output) {
  const aac = parseAacConfig(config)
  const silence = samples[silentUnits - 2]
  if (!aac.ok || !silence || aac.value.sampleRate !== spec.sampleRate) return null
  const { channels, codecs } = aac.value
  const init = writeInit({ ...spec, channels, asc: config })
  return { spec: { ...spec, channels, codecs }, init, units: [silence.data] }
}
