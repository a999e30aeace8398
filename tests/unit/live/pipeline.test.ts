import { expect, test } from 'vitest'
import { fullHdConfig, PipelineStage } from './pipeline-stage.ts'

const feedAt = (stage: PipelineStage) => stage.time.wallMs()

test('a feed that fits is published untouched, with its ladder and its sound', async () => {
  const stage = new PipelineStage()
  stage.play({ toMs: 10_000 })
  await stage.pipeline.close('meeting-ended')
  expect(stage.names(0)).toEqual(['source', '480p', '360p', 'audio'])
  expect(stage.spans[0]).toMatchObject({ master: 'source' })
  expect(stage.ends).toEqual([['meeting-ended', 10_000]])
  expect([stage.mediaMs('source'), stage.mediaMs('480p'), stage.mediaMs('360p')]).toEqual([10_000, 10_000, 10_000])
  expect(stage.mediaMs('audio')).toBeGreaterThan(9_950)
  expect(stage.codes).toEqual([])
})

test('the span begins where its first frame was captured', async () => {
  const stage = new PipelineStage()
  stage.time.advanceTo(5_000)
  stage.play({ fromMs: 90_000, toMs: 94_000 })
  await stage.pipeline.close('stopped')
  expect(stage.sinceStart(stage.spans[0]?.wallMs ?? 0)).toBe(5_000)
})

test('nothing is published before it is known whether the feed fits', () => {
  const stage = new PipelineStage()
  stage.play({ toMs: 2_000 })
  expect(stage.events).toEqual([])
  stage.play({ fromMs: 2_000, toMs: 2_040, configs: false })
  expect(stage.spans).toHaveLength(1)
})

test('a feed that is known starts with its first keyframe', async () => {
  const stage = new PipelineStage()
  stage.play({ toMs: 4_000 })
  await stage.pipeline.close('stopped')
  stage.pipeline = stage.another()
  stage.play({ toMs: 40 })
  expect(stage.spans).toHaveLength(2)
})

test('after a cut the next keyframe begins a new span', async () => {
  const stage = new PipelineStage()
  stage.play({ toMs: 5_000 })
  stage.pipeline.cut('gate-shut')
  stage.play({ fromMs: 9_000, toMs: 12_000, configs: false })
  await stage.pipeline.close('stopped')
  expect(stage.ends).toEqual([
    ['gate-shut', 5_000],
    ['stopped', 3_000],
  ])
  expect(stage.encoders).toHaveLength(2)
})

test('what was held back is published when the feed ends before it is known', async () => {
  const stage = new PipelineStage()
  stage.play({ toMs: 1_200 })
  await stage.pipeline.close('disconnected')
  expect(stage.ends).toEqual([['disconnected', 1_200]])
})

test.each([
  ['forward', 60_000],
  ['backward', 1_000],
])('a clock that jumps %s ends the span', async (_, fromMs) => {
  const stage = new PipelineStage()
  stage.play({ toMs: 5_000 })
  stage.play({ fromMs, toMs: fromMs + 3_000, configs: false })
  await stage.pipeline.close('stopped')
  expect(stage.ends).toEqual([
    ['timestamp-jump', 5_000],
    ['stopped', 3_000],
  ])
  expect(stage.codes).toEqual(['SOURCE_TIMESTAMPS_JUMPED'])
  expect(stage.sinceStart(stage.spans[1]?.wallMs ?? 0)).toBe(5_000)
})

test('other parameters end the span, the same ones sent again do not', async () => {
  const stage = new PipelineStage()
  stage.play({ toMs: 4_000 })
  stage.configure()
  expect(stage.ends).toEqual([])
  const other = Uint8Array.from(fullHdConfig)
  other[15] = 0x9a
  stage.pipeline.push({ kind: 'video-config', codec: 'h264', data: other, arrivedAtMs: feedAt(stage) })
  await stage.pipeline.close('stopped')
  expect(stage.ends).toEqual([['parameters-changed', 4_000]])
})

test('keyframes too far apart from the start: the top is encoded, and the operator is told', async () => {
  const stage = new PipelineStage()
  stage.play({ toMs: 12_000, keyframeEveryMs: 10_000 })
  await stage.pipeline.close('stopped')
  expect(stage.codes).toContain('SOURCE_KEYFRAMES_TOO_FAR')
  expect(stage.spans[0]?.master).toBe('720p')
  expect(stage.names(0)).toEqual(['720p', '480p', '360p', 'audio'])
  expect(stage.encoders[0]?.start.plan).toMatchObject({ keyframes: 2_000, constantRate: null })
})

test('a keyframe interval that grows too long ends the span, and the top is encoded from then on', async () => {
  const stage = new PipelineStage(['prompt'], { setting: 'none', capacity: () => null })
  stage.play({ toMs: 4_000 })
  stage.play({ fromMs: 4_000, toMs: 14_000, keyframeEveryMs: 9_000, configs: false })
  expect(stage.codes).toEqual(['SOURCE_KEYFRAMES_TOO_FAR'])
  expect(stage.ends.map(([cause]) => cause)).toEqual(['keyframes-too-far'])
  expect(stage.encoders.map(({ renditions }) => renditions)).toEqual([['720p']])
  await stage.pipeline.close('stopped')
})

test('a feed that did not fit is looked at anew when it comes back', async () => {
  const stage = new PipelineStage()
  stage.play({ toMs: 6_000, keyframeEveryMs: 10_000 })
  stage.pipeline.cut('disconnected')
  stage.play({ toMs: 6_000 })
  await stage.pipeline.close('stopped')
  expect(stage.spans.at(-1)?.master).toBe('source')
})

test('video that is not H.264 publishes nothing and is told once', async () => {
  const stage = new PipelineStage()
  for (let i = 0; i < 3; i += 1) {
    const data = Uint8Array.from([i])
    stage.pipeline.push({ kind: 'video-config', codec: 'other', data, arrivedAtMs: feedAt(stage) })
  }
  stage.pipeline.push({ kind: 'video', dtsMs: 0, ptsMs: 0, keyframe: true, data: new Uint8Array(9), arrivedAtMs: 0 })
  await stage.pipeline.close('stopped')
  expect(stage.events).toEqual([])
  expect(stage.codes).toEqual(['SOURCE_VIDEO_UNSUPPORTED'])
})

test('sound that is not AAC is left out and told', async () => {
  const stage = new PipelineStage()
  const data = Uint8Array.from([1])
  stage.pipeline.push({ kind: 'audio-config', codec: 'other', data, arrivedAtMs: feedAt(stage) })
  stage.play({ toMs: 4_000, sound: false })
  await stage.pipeline.close('stopped')
  expect(stage.names(0)).toEqual(['source', '480p', '360p'])
  expect(stage.codes).toEqual(['SOURCE_AUDIO_UNSUPPORTED'])
})

test('a feed without sound goes on without, and the operator is told', async () => {
  const stage = new PipelineStage()
  stage.play({ toMs: 4_000, sound: false })
  await stage.pipeline.close('stopped')
  expect(stage.names(0)).toEqual(['source', '480p', '360p'])
  expect(stage.codes).toEqual(['SOURCE_AUDIO_MISSING'])
})

test('five seconds of sound without a picture are told once', async () => {
  const stage = new PipelineStage()
  stage.configure()
  for (let ms = 0; ms < 20_000; ms += 20) {
    stage.pipeline.push({ kind: 'audio', ptsMs: ms, data: Uint8Array.from([1]), arrivedAtMs: feedAt(stage) })
  }
  expect(stage.codes).toEqual(['SOURCE_VIDEO_MISSING'])
  await stage.pipeline.close('stopped')
})

test('sound that announces itself after the first picture joins the first span', async () => {
  const stage = new PipelineStage()
  stage.configure(false)
  stage.play({ toMs: 200, sound: false, configs: false })
  stage.configure(true)
  stage.play({ fromMs: 200, toMs: 4_000, keyframeAtMs: 2_000, configs: false })
  await stage.pipeline.close('stopped')
  expect(stage.spans).toHaveLength(1)
  expect(stage.names(0)).toEqual(['source', '480p', '360p', 'audio'])
})

test('what was learned of too short a stretch is not believed afterwards', async () => {
  const stage = new PipelineStage()
  stage.play({ toMs: 200 })
  stage.pipeline.cut('gate-shut')
  stage.play({ fromMs: 5_000, toMs: 9_000, configs: false })
  await stage.pipeline.close('stopped')
  expect(stage.ends.map(([cause]) => cause)).toEqual(['gate-shut', 'stopped'])
  expect(stage.spans[1]?.renditions[0]).toMatchObject({ name: 'source', frameRate: { num: 25, den: 1 } })
})

test('a clock that keeps jumping is told every ten seconds', async () => {
  const stage = new PipelineStage()
  stage.play({ toMs: 4_000 })
  for (let i = 1; i <= 15; i += 1) stage.play({ fromMs: i * 100_000, toMs: i * 100_000 + 1_000, configs: false })
  expect(stage.codes).toEqual(['SOURCE_TIMESTAMPS_JUMPED', 'SOURCE_TIMESTAMPS_JUMPED'])
  await stage.pipeline.close('stopped')
})

test('what nobody foresaw is reported, and the feed goes on', async () => {
  const stage = new PipelineStage()
  stage.play({ toMs: 4_000 })
  stage.pipeline.push({ kind: 'video-config', codec: 'h264', arrivedAtMs: 0 } as never)
  stage.play({ fromMs: 4_000, toMs: 8_000, configs: false })
  await stage.pipeline.close('stopped')
  expect(stage.codes).toEqual(['INTERNAL'])
  expect(stage.mediaMs('source')).toBe(8_000)
})
