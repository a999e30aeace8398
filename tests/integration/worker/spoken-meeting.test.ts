import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openCatalog } from '#archive/catalog/catalog.ts'
import { listJobs } from '#archive/catalog/jobs.ts'
import { cuesOf, transcriptsOf } from '#archive/catalog/transcripts.ts'
import { childEnvironment } from '#archive/core/config.ts'
import { newId } from '#archive/core/ids.ts'
import { FtsReader } from '#archive/search/fts-reader.ts'
import { audioDecoder } from '#archive/worker/audio-decoder.ts'
import { exactSentences, speechModelBeside, spoken } from '#tests/support/spoken-audio.ts'
import { encodeSpoken, spoolSpoken } from '#tests/support/spoken-recording.ts'
import { until } from '#tests/support/until.ts'
import { decodeAudio } from '../../../transcode/ffmpeg/audio-decoder.ts'
import { commandOf, press, smallTown, startAction } from '../catalog/small-town.ts'

const main = fileURLToPath(new URL('../../../archive/main.ts', import.meta.url))
const rate = 16_000

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemicycle-spoken-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** Two seconds of silence, a second of a loud tone, one of silence. */
function tone(): Float32Array {
  return Float32Array.from({ length: 4 * rate }, (_, at) => (at >= 2 * rate && at < 3 * rate ? Math.sin(at / 5) : 0))
}

async function* bytesOf(file: { readonly init: Buffer; readonly media: Buffer }): AsyncGenerator<Uint8Array> {
  yield file.init
  yield file.media
}

test('sound comes out of a segment with its silence in place, wherever the clock of the segment begins', async () => {
  const file = await encodeSpoken(folder, tone(), 3600)
  const pieces: number[] = []
  for await (const samples of audioDecoder(decodeAudio).decode(bytesOf(file)))
    for (const one of samples) pieces.push(one)
  const first = pieces.findIndex((sample) => Math.abs(sample) > 0.3)
  expect(Math.abs(first / rate - 2)).toBeLessThan(0.05)
  expect(Math.abs(pieces.length / rate - 4)).toBeLessThan(0.1)
})

test('media that is no sound is an error with a code, and sound that is left early ends the program', async () => {
  const rubbish = async () => {
    for await (const _ of audioDecoder(decodeAudio).decode(
      bytesOf({ init: Buffer.alloc(9), media: Buffer.alloc(99) }),
    )) {
      throw new Error('heard something')
    }
  }
  await expect(rubbish()).rejects.toMatchObject({ code: 'FFMPEG_FAILED' })
  const file = await encodeSpoken(folder, tone())
  for await (const samples of audioDecoder(decodeAudio).decode(bytesOf(file))) {
    expect(samples.length).toBeGreaterThan(0)
    break
  }
})

test('a word that was spoken is found at the second, by a worker that has a model', async () => {
  const model = speechModelBeside()
  const sentence = exactSentences(model ?? folder).find(({ text }) => text.includes('mobiliteit in het centrum'))
  const words = sentence ? await spoken(sentence, folder) : new Float32Array(rate)
  const samples = new Float32Array(1.5 * rate + words.length + rate)
  samples.set(words, 1.5 * rate)
  const catalog = await openCatalog({ file: join(folder, 'catalogue.sqlite') })
  const { meeting } = await smallTown(catalog)
  const recording = newId<'recording'>()
  await spoolSpoken(join(folder, 'spool'), await encodeSpoken(folder, samples), {
    recording,
    meeting,
    mediaStartMs: 60_000,
  })
  await press(catalog, commandOf(meeting, startAction(recording), Date.now()))
  await press(catalog, commandOf(meeting, { kind: 'end' }, Date.now()))
  const env = childEnvironment({
    HEMICYCLE_DATA: folder,
    HEMICYCLE_SPEECH_MODEL: model ?? '',
    HEMICYCLE_LOG_LEVEL: 'error',
  })
  const worker = fork(main, [], { execArgv: [], env })
  try {
    await until(
      'the recording was transcribed',
      async () => {
        const done = await catalog.read((db) => listJobs(db, ['done']))
        return done.some(({ kind }) => kind === 'transcribe-recording')
      },
      60_000,
    )
    const transcripts = await catalog.read((db) => transcriptsOf(db, meeting))
    expect(transcripts.map(({ origin, language }) => [origin, language])).toEqual(model ? [['automatic', 'nl']] : [])
    if (!model) return
    const cues = await catalog.read((db) => cuesOf(db, transcripts[0]?.id ?? ''))
    expect(Math.abs((cues[0]?.startMs ?? 0) - 61_500)).toBeLessThan(500)
    const reader = new FtsReader({ file: join(folder, 'search.sqlite'), town: catalog.town })
    const found = await until('the word is found', async () => {
      const outcome = await reader.query({ q: 'mobiliteit centrum' })
      return outcome.ok && outcome.value[0]
    })
    expect(found).toMatchObject({ kind: 'cue', meeting: '2026-11-23-gemeenteraad' })
    expect(Math.abs((found.startSeconds ?? 0) - 61.5)).toBeLessThan(1)
    reader.close()
  } finally {
    worker.kill('SIGTERM')
    await catalog.close()
  }
})
