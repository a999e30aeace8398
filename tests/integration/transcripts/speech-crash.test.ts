import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLog } from '#archive/core/log.ts'
import { SherpaEngine } from '#archive/transcripts/sherpa-engine.ts'

const childFile = fileURLToPath(new URL('../../support/mortal-speech-child.ts', import.meta.url))
const rate = 16_000

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemicycle-speech-'))
})
afterEach(() => rm(folder, { recursive: true }))

function engine(vad = 'sound') {
  const model = { encoder: '', decoder: '', tokens: join(folder, 'died-once'), vad }
  return new SherpaEngine({ childFile, model, threads: 1, log: createLog('test', 'silent') })
}

/** Two seconds of silence before each second of a level, in pieces of a second. */
async function* levels(...values: number[]): AsyncGenerator<Float32Array> {
  for (const value of values) {
    yield new Float32Array(2 * rate)
    yield new Float32Array(rate).fill(value)
  }
  yield new Float32Array(rate)
}

/** A stretch begins up to half a second, its pre-roll, before the second named. */
async function heard(audio: AsyncIterable<Float32Array>, vad?: string) {
  const utterances = []
  for await (const utterance of engine(vad).transcribe(audio, { language: 'nl' })) utterances.push(utterance)
  return utterances.map(({ text, startMs }) => `${text} at ${Math.ceil(startMs / 1000)}`)
}

test('utterances come in order with their times', async () => {
  expect(await heard(levels(0.1, 0.2, 0.3))).toEqual(['0.1 at 2', '0.2 at 5', '0.3 at 8'])
})

test('a process that dies in a stretch is replaced, and every stretch is heard exactly once', async () => {
  expect(await heard(levels(0.1, 0.7, 0.3))).toEqual(['0.1 at 2', '0.7 at 5', '0.3 at 8'])
})

test('a stretch that kills every process is left out and the rest is heard', async () => {
  expect(await heard(levels(0.1, 0.9, 0.3, 0.7, 0.5))).toEqual(['0.1 at 2', '0.3 at 8', '0.7 at 11', '0.5 at 14'])
})

test('audio that kills every process outside a stretch ends the transcription with a code', async () => {
  await expect(heard(levels(0.1, -1, 0.3))).rejects.toMatchObject({ code: 'SPEECH_ENGINE_CRASHED' })
})

test('a model that ends the process while loading is an unusable model', async () => {
  await expect(heard(levels(0.1), 'corrupt')).rejects.toMatchObject({ code: 'SPEECH_MODEL_UNUSABLE' })
})

test('ten minutes of audio are taken only as fast as they are understood', async () => {
  let taken = 0
  async function* long(): AsyncGenerator<Float32Array> {
    for (let minute = 0; minute < 300; minute++) {
      taken++
      yield new Float32Array(2 * rate)
    }
  }
  async function* spoken(): AsyncGenerator<Float32Array> {
    yield* levels(0.1)
    yield* long()
  }
  for await (const utterance of engine().transcribe(spoken(), { language: null })) {
    expect(utterance.text).toBe('0.1')
    expect(taken).toBeLessThan(60)
  }
  expect(taken).toBe(300)
})

test('an abort ends the transcription and closes the audio', async () => {
  const controller = new AbortController()
  let closed = false
  async function* endless(): AsyncGenerator<Float32Array> {
    try {
      for (;;) {
        yield new Float32Array(2 * rate)
        yield new Float32Array(rate).fill(0.5)
      }
    } finally {
      closed = true
    }
  }
  const run = async () => {
    for await (const _ of engine().transcribe(endless(), { language: 'nl', signal: controller.signal }))
      controller.abort()
  }
  await expect(run()).rejects.toMatchObject({ name: 'AbortError' })
  expect(closed).toBe(true)
})
