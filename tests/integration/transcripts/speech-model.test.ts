import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Cue } from '#archive/captions/cue.ts'
import { createLog } from '#archive/core/log.ts'
import { folded, wordsOf } from '#archive/search/query-words.ts'
import { cuesOf } from '#archive/transcripts/cue-layout.ts'
import { SherpaEngine } from '#archive/transcripts/sherpa-engine.ts'
import { findSpeechModel } from '#archive/transcripts/speech-model.ts'
import { exactSentences, type SpokenSentence, speechModelBeside, spoken } from '#tests/support/spoken-audio.ts'

const childFile = fileURLToPath(new URL('../../../archive/transcripts/speech-child.ts', import.meta.url))
const log = createLog('test', 'silent')
const modelFolder = speechModelBeside()
const rate = 16_000

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemicycle-model-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('a folder without a model is refused with the names of what is missing', async () => {
  await writeFile(join(folder, 'whisper-encoder.onnx'), '')
  expect(await findSpeechModel(folder)).toMatchObject({
    ok: false,
    code: 'SPEECH_MODEL_INCOMPLETE',
    message: `The folder ${folder} holds no *decoder*.onnx, no *tokens.txt, no silero_vad.onnx.`,
  })
  expect(await findSpeechModel(join(folder, 'absent'))).toMatchObject({ ok: false, code: 'SPEECH_MODEL_INCOMPLETE' })
})

test('a model of rubbish is refused with a code, and the process that died of it is not ours', async () => {
  for (const name of ['encoder.onnx', 'decoder.onnx', 'tokens.txt', 'silero_vad.onnx']) {
    await writeFile(join(folder, name), 'rubbish')
  }
  const model = await findSpeechModel(folder)
  if (!model.ok) throw new Error(model.message)
  const engine = new SherpaEngine({ childFile, model: model.value, threads: 1, log })
  const run = async () => {
    for await (const _ of engine.transcribe(silence(), { language: 'nl' })) throw new Error('heard something')
  }
  await expect(run()).rejects.toMatchObject({
    code: expect.stringMatching(/^SPEECH_(MODEL_UNUSABLE|ENGINE_UNAVAILABLE)$/),
  })
})

async function* silence(): AsyncGenerator<Float32Array> {
  yield new Float32Array(rate)
}

test('most words of each sentence come back, at the second at which they were spoken', async () => {
  const model = await findSpeechModel(modelFolder ?? join(folder, 'none'))
  if (modelFolder === null || !model.ok) {
    expect(model).toMatchObject({ ok: false, code: 'SPEECH_MODEL_INCOMPLETE' })
    return
  }
  const sentences = exactSentences(modelFolder).filter(({ voice }) => voice === 'nl')
  const { pieces, starts } = await conversation(sentences)
  const engine = new SherpaEngine({ childFile, model: model.value, threads: 2, log })
  const cues: Cue[] = []
  for await (const utterance of engine.transcribe(asStream(pieces), { language: 'nl' })) cues.push(...cuesOf(utterance))
  // A machine's voice behind digital silence is at the edge of what a small model understands: a word may go wrong.
  expect(cues.map(({ text }, index) => recall(text, sentences[index]?.text ?? '') >= 0.5)).toEqual(
    sentences.map(() => true),
  )
  const whole = recall(cues.map(({ text }) => text).join(' '), sentences.map(({ text }) => text).join(' '))
  expect(whole).toBeGreaterThan(0.65)
  const errors = cues.map(({ startMs }, index) => Math.abs(startMs / 1000 - (starts[index] ?? 0)))
  expect(Math.max(...errors)).toBeLessThan(0.5)
})

/** The share of the words of `said` that are in `heard`. */
function recall(heard: string, said: string): number {
  const words = wordsOf(said).map(folded)
  const known = new Set(wordsOf(heard).map(folded))
  return words.filter((word) => known.has(word)).length / words.length
}

/** Three seconds of silence, then each sentence and two seconds more; `starts` in seconds. */
async function conversation(sentences: readonly SpokenSentence[]) {
  const pieces: Float32Array[] = [new Float32Array(3 * rate)]
  const starts: number[] = []
  for (const sentence of sentences) {
    starts.push(pieces.reduce((sum, piece) => sum + piece.length, 0) / rate)
    pieces.push(await spoken(sentence, folder), new Float32Array(2 * rate))
  }
  return { pieces, starts }
}

/** In pieces of a third of a second, as a decoder gives them. */
async function* asStream(pieces: readonly Float32Array[]): AsyncGenerator<Float32Array> {
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; at += 5333) yield piece.subarray(at, at + 5333)
  }
}
