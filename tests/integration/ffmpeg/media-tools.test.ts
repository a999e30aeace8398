import { createReadStream } from 'node:fs'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decodeAudio } from '../../../transcode/ffmpeg/audio-decoder.ts'
import { ffmpegCapabilities, neededEncoders } from '../../../transcode/ffmpeg/capabilities.ts'
import { probe } from '../../../transcode/ffmpeg/probe.ts'
import { startProgram } from '../../../transcode/ffmpeg/program.ts'
import { thumbnail } from '../../../transcode/ffmpeg/thumbnail.ts'

let folder: string
let file: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemicycle-ffmpeg-'))
  await chmod(folder, 0o777)
  file = join(folder, 'feed.mp4')
  await makeFilm(file, 'empty_moov+default_base_moof+frag_keyframe')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('a file is probed into our own words', async () => {
  const whole = join(folder, 'whole.mp4')
  await makeFilm(whole, 'faststart')
  const found = await probe(whole)
  expect(found.durationMs).toBeGreaterThanOrEqual(2_000)
  expect(found.video).toMatchObject({
    codec: 'h264',
    width: 320,
    height: 180,
    pixelFormat: 'yuv420p',
    interlaced: false,
  })
  expect(found.video?.frameRate).toEqual({ num: 25, den: 1 })
  expect(found.audio).toMatchObject({ codec: 'aac', profile: 'LC', channels: 2, sampleRate: 44_100 })
})

test('a stream is probed as a file is', async () => {
  expect((await probe(createReadStream(file))).video).toMatchObject({ codec: 'h264', width: 320 })
})

test('what is not media is refused with a code', async () => {
  await expect(probe('/nowhere/feed.mp4')).rejects.toMatchObject({ code: 'FFMPEG_FAILED' })
})

test('the installed ffmpeg has the encoders that are needed', async () => {
  const { version, encoders } = await ffmpegCapabilities()
  expect(version).toMatch(/^\d+\.\d+/)
  expect(neededEncoders.filter((name) => !encoders.has(name))).toEqual([])
})

test('the sound of fragmented MP4 becomes 16 kHz mono', async () => {
  let bytes = 0
  for await (const chunk of decodeAudio(createReadStream(file))) bytes += (chunk as Buffer).length
  expect(bytes / 2 / 16_000).toBeCloseTo(2, 1)
})

test('sound that cannot be decoded fails with a code', async () => {
  const pcm = decodeAudio(Readable.from([Buffer.from('this is no film')]))
  await expect(pcm.toArray()).rejects.toMatchObject({ code: 'FFMPEG_FAILED' })
})

test('a thumbnail is a JPEG of the width asked for', async () => {
  const jpeg = await thumbnail(new Uint8Array(), await readFile(file), 160)
  expect([...jpeg.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff])
  expect((await probe(Readable.from([jpeg]))).video).toMatchObject({ width: 160, height: 90 })
})

test('bytes without a picture give no thumbnail', async () => {
  await expect(thumbnail(new Uint8Array(), new Uint8Array(100))).rejects.toMatchObject({ code: 'FFMPEG_FAILED' })
})

async function makeFilm(path: string, movflags: string): Promise<void> {
  const inputs = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25', '-f', 'lavfi', '-i', 'sine=sample_rate=44100']
  const encoding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-ac', '2']
  const end = await startProgram({
    program: 'ffmpeg',
    args: ['-v', 'error', ...inputs, '-t', '2', ...encoding, '-movflags', movflags, path],
  }).ended
  expect(end.tail).toBe('')
}
