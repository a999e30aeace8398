import { expect } from 'vitest'
import type { FeedPacket } from '#archive/hls/feed.ts'
import { startProgram } from '../../../transcode/ffmpeg/program.ts'
import { packetsOfFlv } from '../../support/flv-packets.ts'

export interface FilmSpec {
  readonly seconds?: number
  /** A lavfi source. */
  readonly video?: string
  readonly filters?: string
  readonly videoOptions?: readonly string[]
  /** A lavfi source; null for a silent film. */
  readonly audio?: string | null
  readonly audioOptions?: readonly string[]
}

/** Makes a film with ffmpeg and answers it as the packets of a feed; they arrive when they are decoded. */
export async function film(spec: FilmSpec = {}): Promise<FeedPacket[]> {
  const { seconds = 8, video = 'testsrc2=size=640x360:rate=25', audio = 'sine=sample_rate=48000' } = spec
  const program = startProgram({
    program: 'ffmpeg',
    args: [
      ...['-v', 'error', '-f', 'lavfi', '-i', video, ...(audio === null ? [] : ['-f', 'lavfi', '-i', audio])],
      ...['-t', String(seconds), ...(spec.filters ? ['-vf', spec.filters] : [])],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '50', '-keyint_min', '50'],
      ...['-sc_threshold', '0', '-b:v', '500k', ...(spec.videoOptions ?? [])],
      ...(audio === null ? [] : ['-c:a', 'aac', '-b:a', '64k', '-ac', '2', ...(spec.audioOptions ?? [])]),
      ...['-f', 'flv', 'pipe:1'],
    ],
    stdout: true,
  })
  const chunks: Uint8Array[] = []
  program.stdout?.on('data', (chunk: Uint8Array) => chunks.push(chunk))
  expect(await program.ended).toMatchObject({ cause: 'exited', code: 0, tail: '' })
  return packetsOfFlv(Buffer.concat(chunks))
}
