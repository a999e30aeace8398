import { Readable } from 'node:stream'
import { beforeAll, expect, test } from 'vitest'
import { probe } from '../../../transcode/ffmpeg/probe.ts'
import { film } from './film.ts'
import { decode, decodeEach, keyframesOf, type PackagedRendition, renditionOf } from './packaged.ts'
import { type PipelineRun, play, startPipeline } from './pipeline-run.ts'

let run: PipelineRun
let source: PackagedRendition
let half: PackagedRendition
let small: PackagedRendition
let sound: PackagedRendition

// White flashes and beeps together every second tell where picture and sound stand.
const flash = "drawbox=color=white:t=fill:enable='lt(mod(t,1),0.04)'"
const beep = "aevalsrc='if(lt(mod(t,1),0.04),sin(2*PI*1000*t),0)':s=48000"

beforeAll(async () => {
  run = startPipeline()
  const packets = await film({
    seconds: 9,
    video: 'color=black:size=1280x720:rate=25',
    filters: flash,
    audio: beep,
    videoOptions: ['-bf', '2', '-b:v', '1500k', '-preset', 'veryfast'],
  })
  await play(packets, run.pipeline, { speed: 2 })
  await run.pipeline.close('meeting-ended')
  source = renditionOf(run.events, 'source')
  half = renditionOf(run.events, '480p')
  small = renditionOf(run.events, '360p')
  sound = renditionOf(run.events, 'audio')
})

test('nothing went wrong and one span holds it all', () => {
  expect(run.faults).toEqual([])
  expect(run.events.filter(({ type }) => type === 'span')).toHaveLength(1)
  expect(run.events.at(-1)).toMatchObject({ type: 'span-end', durationMs: 9_000, cause: 'meeting-ended' })
})

test('every rendition has every frame, at the size and rate announced', async () => {
  for (const [rendition, size] of [
    [source, '1280x720'],
    [half, '854x480'],
    [small, '640x360'],
  ] as const) {
    const bytes = Buffer.concat([rendition.init, ...rendition.segments.map((segment) => segment.bytes)])
    expect(await decode(bytes)).toEqual({ frames: 225, size })
    const { video } = await probe(Readable.from([bytes]))
    expect(`${video?.width}x${video?.height} ${video?.pixelFormat} ${video?.interlaced}`).toBe(`${size} yuv420p false`)
  }
})

test('keyframes stand at the same millisecond in all renditions, two seconds apart', () => {
  expect(keyframesOf(source)).toEqual([0, 2_000, 4_000, 6_000, 8_000])
  expect(keyframesOf(half)).toEqual(keyframesOf(source))
  expect(keyframesOf(small)).toEqual(keyframesOf(source))
})

test('all renditions have the same segment numbers, and every segment decodes on its own', async () => {
  const numbers = source.segments.map(({ n }) => n)
  expect(numbers).toEqual([100, 101, 102])
  for (const rendition of [half, small, sound]) expect(rendition.segments.map(({ n }) => n)).toEqual(numbers)
  for (const rendition of [source, half, small]) {
    expect((await decodeEach(rendition)).map(({ frames }) => frames)).toEqual([100, 100, 25])
  }
  expect((await decodeEach(sound)).every(({ frames }) => frames > 0)).toBe(true)
})

test('no part is longer than its target', () => {
  for (const event of run.events) {
    if (event.type !== 'part') continue
    const timescale = event.rendition === 'audio' ? sound.timescale : source.timescale
    expect(event.durationTicks / timescale).toBeLessThanOrEqual(0.42)
  }
})

test('picture and sound are within 40 ms of each other in every rendition', async () => {
  const beeps = await timesOf(sound, ['-af', 'silencedetect=noise=-20dB:d=0.2'], /silence_end: ([\d.]+)/g)
  for (const rendition of [source, half, small]) {
    const flashes = await timesOf(rendition, ['-vf', 'negate,blackdetect=d=0.01:pix_th=0.2'], /black_start:([\d.]+)/g)
    expect(flashes.length).toBeGreaterThanOrEqual(8)
    const offsets = flashes.slice(1).map((at) => Math.min(...beeps.map((beep) => Math.abs(beep - at))))
    expect(Math.max(...offsets)).toBeLessThanOrEqual(0.04)
  }
})

test('bitrates keep to their caps', () => {
  const bytes = small.segments.reduce((sum, segment) => sum + segment.bytes.length, 0)
  expect((bytes * 8) / 9).toBeLessThan(770_000)
})

async function timesOf(rendition: PackagedRendition, filter: string[], pattern: RegExp): Promise<number[]> {
  const { startProgram } = await import('../../../transcode/ffmpeg/program.ts')
  const program = startProgram({
    program: 'ffmpeg',
    args: ['-hide_banner', '-copyts', '-f', 'mp4', '-i', 'pipe:0', ...filter, '-f', 'null', '-'],
    stdin: true,
  })
  program.stdin?.end(Buffer.concat([rendition.init, ...rendition.segments.map(({ bytes }) => bytes)]))
  const { tail } = await program.ended
  return [...tail.matchAll(pattern)].map((match) => Number(match[1]))
}
