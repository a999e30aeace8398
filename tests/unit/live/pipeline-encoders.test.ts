import { expect, test } from 'vitest'
import { PipelineStage } from './pipeline-stage.ts'

test('an encoder that dies costs the source nothing but a new span at the next keyframe', async () => {
  const stage = new PipelineStage()
  stage.play({ toMs: 5_000 })
  stage.encoders[0]?.die('SIGKILL')
  stage.play({ fromMs: 5_000, toMs: 10_000, keyframeAtMs: 6_000, configs: false })
  await stage.pipeline.close('stopped')
  expect(stage.codes).toEqual(['LADDER_ENCODER_DIED'])
  expect(stage.mediaMs('source')).toBe(10_000)
  expect(stage.ends.map(([cause]) => cause)).toEqual(['encoder-died', 'stopped'])
  expect(stage.names(1)).toEqual(['source', '480p', '360p', 'audio'])
})

test('the next encoder is there before the next keyframe', () => {
  const stage = new PipelineStage()
  stage.play({ toMs: 5_000 })
  stage.encoders[0]?.die('SIGKILL')
  stage.play({ fromMs: 5_000, toMs: 5_400, keyframeAtMs: 6_000, configs: false })
  expect(stage.encoders).toHaveLength(2)
  expect(stage.encoders[1]?.frames).toEqual([])
  stage.play({ fromMs: 5_400, toMs: 6_400, keyframeAtMs: 6_000, configs: false })
  expect(stage.encoders[1]?.frames[0]).toMatchObject({ keyframe: true, dtsMs: 6_000 })
  expect(stage.encoders).toHaveLength(2)
})

test('no sound is lost where one span follows the other', async () => {
  const stage = new PipelineStage()
  stage.play({ toMs: 5_000 })
  stage.encoders[0]?.die('SIGKILL')
  stage.play({ fromMs: 5_000, toMs: 9_000, configs: false })
  await stage.pipeline.close('stopped')
  expect(stage.spans).toHaveLength(2)
  expect(stage.mediaMs('audio')).toBeGreaterThan(8_950)
})

test('ten deaths in a minute: the source goes alone for a minute, then the ladder comes back', async () => {
  const stage = new PipelineStage([...Array.from({ length: 10 }, () => 'mortal' as const), 'prompt'])
  stage.play({ toMs: 60_000 })
  expect(stage.codes.filter((code) => code === 'LADDER_ENCODER_DIED')).toHaveLength(10)
  expect(stage.codes.filter((code) => code === 'LADDER_BACKED_OFF')).toHaveLength(1)
  expect(stage.names(stage.spans.length - 1)).toEqual(['source', 'audio'])
  expect(stage.encoders).toHaveLength(10)
  stage.play({ fromMs: 60_000, toMs: 100_000, configs: false })
  await stage.pipeline.close('stopped')
  expect(stage.names(stage.spans.length - 1)).toEqual(['source', '480p', '360p', 'audio'])
  expect(stage.encoders).toHaveLength(11)
  expect(stage.mediaMs('source')).toBe(100_000)
})

test('where the top is encoded nothing is published during the rest, and all comes back after it', async () => {
  const manners = [...Array.from({ length: 10 }, () => 'mortal' as const), 'prompt' as const]
  const stage = new PipelineStage(manners, { sourceMaxBitrateBps: 1_000, setting: ['480p', '360p'] })
  stage.play({ toMs: 60_000 })
  expect(stage.codes).toContain('SOURCE_NOT_FIT_BITRATE')
  expect(stage.spans).toEqual([])
  stage.play({ fromMs: 60_000, toMs: 100_000, configs: false })
  await stage.pipeline.close('stopped')
  expect(stage.encoders).toHaveLength(11)
  expect(stage.encoders[10]?.frames.length).toBeGreaterThan(250)
})

test('an encoder that gives nothing for three seconds is replaced', async () => {
  const stage = new PipelineStage(['mute', 'prompt'])
  stage.play({ toMs: 12_000 })
  await stage.pipeline.close('stopped')
  expect(stage.codes).toEqual(['LADDER_ENCODER_STALLED'])
  expect(stage.encoders).toHaveLength(2)
  expect(stage.mediaMs('source')).toBe(12_000)
  expect(stage.ends.map(([cause]) => cause)).toEqual(['encoder-died', 'stopped'])
})

test('a second stall within a minute takes a rendition away', async () => {
  const stage = new PipelineStage(['mute', 'mute', 'prompt'])
  stage.play({ toMs: 20_000 })
  await stage.pipeline.close('stopped')
  expect(stage.codes).toEqual(['LADDER_ENCODER_STALLED', 'LADDER_ENCODER_STALLED', 'LADDER_OVERLOADED'])
  expect(stage.encoders.map(({ renditions }) => renditions.length)).toEqual([2, 2, 1])
  expect(stage.mediaMs('source')).toBe(20_000)
})

test('an encoder that falls behind goes on with fewer renditions, and the source misses nothing', async () => {
  const stage = new PipelineStage(['slow', 'prompt'])
  stage.play({ toMs: 20_000 })
  await stage.pipeline.close('stopped')
  expect(stage.codes).toEqual(['LADDER_OVERLOADED'])
  expect(stage.faults[0]?.detail).toBe('of 480p, 360p there remains: 360p')
  expect(stage.encoders.map(({ renditions }) => renditions)).toEqual([['480p', '360p'], ['360p']])
  expect(stage.ends.map(([cause]) => cause)).toEqual(['ladder-changed', 'stopped'])
  expect(stage.names(1)).toEqual(['source', '360p', 'audio'])
  expect(stage.mediaMs('source')).toBe(20_000)
})

test('when no rendition can be kept up the source goes alone, and after calm minutes one comes back', async () => {
  const stage = new PipelineStage(['slow', 'slow', 'prompt'])
  stage.play({ toMs: 40_000 })
  expect(stage.codes).toEqual(['LADDER_OVERLOADED', 'LADDER_OVERLOADED'])
  expect(stage.names(stage.spans.length - 1)).toEqual(['source', 'audio'])
  stage.play({ fromMs: 40_000, toMs: 400_000, configs: false })
  await stage.pipeline.close('stopped')
  expect(stage.names(stage.spans.length - 1)).toEqual(['source', '360p', 'audio'])
  expect(stage.mediaMs('source')).toBe(400_000)
})

test('what is inside the encoder is let out before the span ends, and the next span waits for it', async () => {
  const stage = new PipelineStage(['late'])
  stage.play({ toMs: 2_400 })
  stage.pipeline.cut('gate-shut')
  expect(stage.mediaMs('360p')).toBe(2_400)
  expect(stage.ends).toEqual([['gate-shut', 2_400]])
  await stage.pipeline.close('stopped')
})

test('an encoder that does not finish is given a second, then the span ends without it', async () => {
  const stage = new PipelineStage(['mute', 'prompt'])
  stage.play({ toMs: 2_400 })
  stage.pipeline.cut('gate-shut')
  expect(stage.ends).toEqual([])
  stage.play({ fromMs: 2_400, toMs: 4_400, configs: false })
  expect(stage.ends).toEqual([['gate-shut', 2_400]])
  const order = stage.events.filter(({ type }) => type === 'span' || type === 'span-end').map(({ type }) => type)
  expect(order).toEqual(['span', 'span-end', 'span'])
  await stage.pipeline.close('stopped')
  expect(stage.mediaMs('source')).toBe(4_400)
})

test('a span whose top is encoded keeps its own clock when the feed jumps before its first frame comes out', async () => {
  const stage = new PipelineStage(['late', 'prompt'], { sourceMaxBitrateBps: 1_000 })
  stage.play({ toMs: 4_000 })
  stage.play({ fromMs: 900_000, toMs: 903_000, configs: false })
  await stage.pipeline.close('stopped')
  expect(stage.spans.map(({ wallMs }) => stage.sinceStart(wallMs))).toEqual([0, 4_000])
})
