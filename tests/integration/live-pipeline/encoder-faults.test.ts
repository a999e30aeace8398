import { readdirSync, readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import type { FeedPacket } from '#archive/hls/feed.ts'
import { film } from './film.ts'
import { framesOf, keyframesOf, renditionOf } from './packaged.ts'
import { play, startPipeline } from './pipeline-run.ts'

let packets: FeedPacket[]
beforeAll(async () => {
  packets = await film({ seconds: 12 })
})

/** The ffmpeg processes that are children of this one. */
function encoders(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const [, comm, parent] = /^\d+ \((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
        return comm === 'ffmpeg' && Number(parent) === process.pid
      } catch {
        return false
      }
    })
}

test('kill -9 of the encoder: the source misses no frame, a new one serves from the next keyframe', async () => {
  const run = startPipeline({ setting: ['360p'], sourceMaxBitrateBps: 8_000_000 })
  const wide = await film({ seconds: 12, video: 'testsrc2=size=854x480:rate=25' })
  let killed = false
  await play(wide, run.pipeline, {
    onTime: (ms) => {
      if (killed || ms < 5_000) return
      killed = true
      for (const pid of encoders()) process.kill(pid, 'SIGKILL')
    },
  })
  await run.pipeline.close('stopped')
  expect(run.faults.map(({ code }) => code)).toEqual(['LADDER_ENCODER_DIED'])
  expect(run.faults[0]?.detail).toContain('SIGKILL')
  expect(framesOf(renditionOf(run.events, 'source', 0)) + framesOf(renditionOf(run.events, 'source', 1))).toBe(300)
  const ends = run.events.filter((event) => event.type === 'span-end')
  expect(ends.map(({ cause, durationMs }) => [cause, durationMs])).toEqual([
    ['encoder-died', 6_000],
    ['stopped', 6_000],
  ])
  expect(framesOf(renditionOf(run.events, '360p', 1))).toBe(150)
  expect(keyframesOf(renditionOf(run.events, '360p', 1))).toEqual([0, 2_000, 4_000])
  expect(encoders()).toEqual([])
})

test('an encoder that is frozen is replaced after three seconds, the source misses no frame', async () => {
  const run = startPipeline({ setting: ['360p'] })
  const wide = await film({ seconds: 12, video: 'testsrc2=size=854x480:rate=25' })
  let frozen = false
  await play(wide, run.pipeline, {
    speed: 1.5,
    onTime: (ms) => {
      if (frozen || ms < 3_000) return
      frozen = true
      for (const pid of encoders()) process.kill(pid, 'SIGSTOP')
    },
  })
  await run.pipeline.close('stopped')
  expect(run.faults.map(({ code }) => code)).toEqual(['LADDER_ENCODER_STALLED'])
  const spans = run.events.filter((event) => event.type === 'span').length
  const frames = Array.from({ length: spans }, (_, i) => framesOf(renditionOf(run.events, 'source', i)))
  expect(frames.reduce((sum, count) => sum + count, 0)).toBe(300)
  expect(framesOf(renditionOf(run.events, '360p', spans - 1))).toBe(frames.at(-1))
  expect(encoders()).toEqual([])
})

test('an encoder whose processors are stolen goes on with fewer renditions, the source misses no frame', async () => {
  const run = startPipeline({ setting: ['480p', '360p'] })
  const noisy = await film({ seconds: 20, video: 'testsrc2=size=1280x720:rate=25,noise=alls=15:allf=t' })
  const signal = (name: 'SIGSTOP' | 'SIGCONT') => {
    for (const pid of encoders()) process.kill(pid, name)
  }
  let phase = 0
  const works = () => run.events.some((event) => event.type === 'part' && event.rendition === '360p')
  const thief = setInterval(() => {
    if (works()) signal(phase++ % 16 === 0 ? 'SIGCONT' : 'SIGSTOP')
  }, 25)
  await play(noisy, run.pipeline, {
    speed: 2,
    onTime: () => {
      if (run.faults.length > 0) clearInterval(thief)
    },
  })
  clearInterval(thief)
  signal('SIGCONT')
  await run.pipeline.close('stopped')
  expect(run.faults.map(({ code }) => code)).toEqual(['LADDER_OVERLOADED'])
  const spans = run.events.filter((event) => event.type === 'span')
  expect(spans.at(-1)?.renditions.map(({ name }) => name)).toEqual(['source', '360p', 'audio'])
  const frames = spans.map((_, i) => framesOf(renditionOf(run.events, 'source', i)))
  expect(frames.reduce((sum, count) => sum + count, 0)).toBe(500)
})

test('after close no encoder is left, whatever it was doing', async () => {
  const run = startPipeline({ setting: ['360p'], sourceMaxBitrateBps: 1_000 })
  await play(packets.slice(0, 300), run.pipeline)
  await run.pipeline.close('stopped')
  expect(run.events.at(-1)).toMatchObject({ type: 'span-end', cause: 'stopped' })
  expect(encoders()).toEqual([])
})
