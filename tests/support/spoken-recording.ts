import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type MeetingId, newId, type RecordingId } from '#archive/core/ids.ts'
import { openSpool } from '#archive/storage/spool.ts'
import { audioSpec, testId } from './journal.ts'

const run = promisify(execFile)

export interface SpokenFile {
  readonly init: Buffer
  readonly media: Buffer
  readonly seconds: number
}

/** Float samples, 16,000 a second, as AAC in fragmented MP4 whose clock begins at `startS`. */
export async function encodeSpoken(folder: string, samples: Float32Array, startS = 0): Promise<SpokenFile> {
  const raw = join(folder, 'spoken.raw')
  const file = join(folder, 'spoken.mp4')
  await writeFile(raw, Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength))
  const input = ['-f', 'f32le', '-ar', '16000', '-ac', '1', '-i', raw]
  const output = ['-ar', '48000', '-ac', '2', '-c:a', 'aac', '-b:a', '128k', '-output_ts_offset', String(startS)]
  const fragments = ['-movflags', 'empty_moov+default_base_moof+frag_every_frame', '-f', 'mp4', '-y', file]
  await run('ffmpeg', ['-v', 'error', ...input, ...output, ...fragments])
  const bytes = await readFile(file)
  const firstFragment = bytes.indexOf('moof') - 4
  return {
    init: bytes.subarray(0, firstFragment),
    media: bytes.subarray(firstFragment),
    seconds: samples.length / 16_000,
  }
}

/** An ended recording of one span, `mediaStartMs` into MediaTime, with sound alone and in one segment. */
export async function spoolSpoken(
  spoolDir: string,
  { init, media, seconds }: SpokenFile,
  of: { readonly recording: RecordingId; readonly meeting: MeetingId; readonly mediaStartMs: number },
): Promise<void> {
  const { recording, meeting, mediaStartMs } = of
  const span = newId<'span'>()
  const place = { span, rendition: 'audio' } as const
  const sum = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
  const durationTicks = Math.round(seconds * audioSpec.timescale)
  const quiet = { onFault: () => undefined, onResumed: () => undefined }
  const { writer } = await openSpool({ spoolDir, recording, ...quiet })
  writer.event({ type: 'recording', version: 1, recording, town: testId('town'), meeting, slug: 'raad', atMs: 0 })
  writer.event({ type: 'span', span, index: 0, wallMs: 0, mediaStartMs, master: 'audio', renditions: [audioSpec] })
  writer.event({ type: 'init', ...place, sizeBytes: init.length, sha256: sum(init) }, init)
  writer.part({ ...place, n: 0, p: 0 }, media)
  const parts = [{ durationTicks, sizeBytes: media.length, independent: true }]
  const facts = { startTicks: 0, durationTicks, sizeBytes: media.length, sha256: sum(media), parts }
  writer.event({ type: 'segment', ...place, n: 0, ...facts })
  writer.event({ type: 'span-end', span, durationMs: seconds * 1000, cause: 'meeting-ended' })
  writer.event({ type: 'ended', atMs: 1 })
  await writer.close()
}
