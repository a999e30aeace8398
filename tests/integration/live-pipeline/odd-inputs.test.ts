import { expect, test } from 'vitest'
import type { FeedPacket } from '#archive/hls/feed.ts'
import { type FilmSpec, film } from './film.ts'
import { decode, framesOf, keyframesOf, renditionOf } from './packaged.ts'
import { type PipelineRun, play, startPipeline } from './pipeline-run.ts'

async function published(spec: FilmSpec): Promise<PipelineRun> {
  const run = startPipeline({ setting: ['360p'] })
  await play(await film({ seconds: 5, ...spec }), run.pipeline)
  await run.pipeline.close('stopped')
  return run
}

const codesOf = (run: PipelineRun) => run.faults.map(({ code }) => code)
const spansOf = (run: PipelineRun) => run.events.filter((event) => event.type === 'span')
const specsOf = (run: PipelineRun) =>
  spansOf(run)[0]?.renditions.map((spec) =>
    spec.kind === 'video'
      ? `${spec.name} ${spec.width}x${spec.height}`
      : `${spec.name} ${spec.sampleRate}/${spec.channels}`,
  )

/** Decodes a rendition of the first span to the end. */
function decoded(run: PipelineRun, name: Parameters<typeof renditionOf>[1]) {
  const rendition = renditionOf(run.events, name)
  return decode(Buffer.concat([rendition.init, ...rendition.segments.map(({ bytes }) => bytes)]))
}

test('a feed without sound streams and records', async () => {
  const run = await published({ video: 'testsrc2=size=854x480:rate=25', audio: null })
  expect(specsOf(run)).toEqual(['source 854x480', '360p 640x360'])
  expect(codesOf(run)).toEqual(['SOURCE_AUDIO_MISSING'])
  expect(await decoded(run, '360p')).toEqual({ frames: 125, size: '640x360' })
})

test.each([
  ['44.1 kHz', ['-ar', '44100'], 'audio 44100/2'],
  ['mono', ['-ac', '1'], 'audio 48000/1'],
  ['5.1', ['-ac', '6'], 'audio 48000/6'],
])('sound in %s is passed on as it is', async (_, audioOptions, spec) => {
  const run = await published({ video: 'testsrc2=size=320x180:rate=25', audioOptions })
  expect(specsOf(run)).toEqual(['source 320x180', spec])
  expect(codesOf(run)).toEqual([])
  expect((await decoded(run, 'audio')).frames).toBeGreaterThan(200)
})

test('an interlaced feed is deinterlaced and encoded', async () => {
  const run = await published({
    video: 'testsrc2=size=720x576:rate=50',
    filters: 'interlace=scan=tff',
    videoOptions: ['-preset', 'veryfast', '-flags', '+ilme+ildct', '-x264-params', 'tff=1', '-bf', '2'],
  })
  expect(codesOf(run)).toEqual(['SOURCE_NOT_FIT_INTERLACED'])
  expect(specsOf(run)).toEqual(['720p 720x576', '360p 450x360', 'audio 48000/2'])
  expect(spansOf(run)[0]?.master).toBe('720p')
  expect((await decoded(run, '720p')).frames).toBe(125)
})

test('odd sizes are published with even ones beside them', async () => {
  const run = await published({ video: 'testsrc2=size=858x482:rate=25' })
  expect(codesOf(run)).toEqual([])
  expect(specsOf(run)).toEqual(['source 858x482', '360p 640x360', 'audio 48000/2'])
})

test('a portrait feed has portrait renditions', async () => {
  const run = await published({ video: 'testsrc2=size=540x960:rate=25' })
  expect(specsOf(run)).toEqual(['source 540x960', '360p 360x640', 'audio 48000/2'])
  expect(await decoded(run, '360p')).toEqual({ frames: 125, size: '360x640' })
})

test('a varying frame rate is encoded at a constant one', async () => {
  const run = await published({
    filters: "settb=1/1000,setpts='PTS+12*mod(N,3)'",
    videoOptions: ['-fps_mode', 'passthrough', '-enc_time_base', '1:1000'],
  })
  expect(codesOf(run)).toEqual(['SOURCE_NOT_FIT_FRAME_RATE'])
  const { samples, timescale } = renditionOf(run.events, '360p')
  expect(spansOf(run)[0]?.renditions[0]).toMatchObject({ name: '360p', frameRate: { num: 25, den: 1 } })
  expect(samples.length).toBeGreaterThanOrEqual(124)
  expect(new Set(samples.map(({ durationTicks }) => (durationTicks * 1000) / timescale))).toEqual(new Set([40]))
})

test('keyframes ten seconds apart: the top is encoded with one every two seconds', async () => {
  const run = await published({ seconds: 9, videoOptions: ['-g', '250', '-keyint_min', '250'] })
  expect(codesOf(run)).toEqual(['SOURCE_KEYFRAMES_TOO_FAR'])
  expect(keyframesOf(renditionOf(run.events, '360p'))).toEqual([0, 2_000, 4_000, 6_000, 8_000])
  expect(framesOf(renditionOf(run.events, '360p'))).toBe(225)
})

test('two B-frames are published as they are, three are encoded', async () => {
  const two = await published({ videoOptions: ['-preset', 'veryfast', '-bf', '2', '-b_strategy', '0'] })
  expect(codesOf(two)).toEqual([])
  expect(await decoded(two, 'source')).toEqual({ frames: 125, size: '640x360' })
  const three = await published({ videoOptions: ['-preset', 'veryfast', '-bf', '3', '-b_strategy', '0'] })
  expect(codesOf(three)).toEqual(['SOURCE_NOT_FIT_B_FRAMES'])
})

test('29.97 frames a second keep their rate', async () => {
  const run = await published({ video: 'testsrc2=size=640x480:rate=30000/1001', videoOptions: ['-g', '60'] })
  expect(codesOf(run)).toEqual([])
  expect(spansOf(run)[0]?.renditions[1]).toMatchObject({ name: '360p', frameRate: { num: 30_000, den: 1001 } })
  expect(keyframesOf(renditionOf(run.events, '360p'))).toEqual(keyframesOf(renditionOf(run.events, 'source')))
})

test('HEVC is refused with a code', async () => {
  const run = startPipeline()
  const hevc: FeedPacket = { kind: 'video-config', codec: 'other', data: Uint8Array.from([1, 2]), arrivedAtMs: 0 }
  run.pipeline.push(hevc)
  await run.pipeline.close('stopped')
  expect(run.events).toEqual([])
  expect(codesOf(run)).toEqual(['SOURCE_VIDEO_UNSUPPORTED'])
})
