import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AppError } from '#archive/core/errors.ts'
import type { FeedPacket } from '#archive/hls/feed.ts'
import { packetsOfFlv } from '#tests/support/flv-packets.ts'
import { seeded } from '#tests/support/seeded.ts'
import { FragmentReader, type MediaSample } from '../../../transcode/mp4/fragment-reader.ts'
import type { TrackInit } from '../../../transcode/mp4/init-reader.ts'

const fragmented = '+empty_moov+default_base_moof+cmaf+frag_discont+frag_every_frame+skip_trailer'
const folder = mkdtempSync(join(tmpdir(), 'fragments-'))
const flv = join(folder, 'feed.flv')
let packets: FeedPacket[] = []

beforeAll(() => {
  const inputs = ['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=25', '-f', 'lavfi', '-i', 'sine=sample_rate=48000']
  const video = ['-c:v', 'libx264', '-g', '25', '-bf', '2']
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...inputs, '-t', '3', ...video, '-c:a', 'aac', '-f', 'flv', flv])
  packets = packetsOfFlv(readFileSync(flv))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function fragments(...options: string[]): Buffer {
  const output = ['-f', 'mp4', '-movflags', fragmented, '-flush_packets', '1', 'pipe:1']
  return execFileSync('ffmpeg', ['-v', 'error', '-copyts', '-i', flv, ...options, '-copyts', ...output], {
    maxBuffer: 1 << 26,
  })
}

function read(bytes: Buffer): { init: TrackInit; samples: MediaSample[] } {
  const events = new FragmentReader().push(bytes)
  const first = events[0]
  if (first?.type !== 'init') throw new Error('no init section first')
  return { init: first.init, samples: events.filter((event) => event.type === 'sample') }
}

const presentedMs = ({ init, samples }: ReturnType<typeof read>) =>
  samples.map((sample) => Math.round((sample.ptsTicks * 1000) / init.timescale))

describe('what ffmpeg writes to a pipe', () => {
  it('of copied sound is read byte for byte at the times it had', () => {
    const result = read(fragments('-map', '0:a', '-c', 'copy'))
    const sound = packets.filter((packet) => packet.kind === 'audio')
    expect(result.init).toMatchObject({ kind: 'audio', timescale: 48_000 })
    expect(result.init.config.subarray(0, 2)).toEqual(
      packets.find((p) => p.kind === 'audio-config')?.data.subarray(0, 2),
    )
    expect(result.samples.map((sample) => Buffer.from(sample.data))).toEqual(sound.map((p) => Buffer.from(p.data)))
    const off = presentedMs(result).map((ms, index) => Math.abs(ms - (sound[index]?.ptsMs ?? 0)))
    expect(Math.max(...off)).toBeLessThanOrEqual(1)
  })

  it('of copied video with B-frames is read byte for byte at the times it had', () => {
    const result = read(fragments('-map', '0:v', '-c', 'copy'))
    const video = packets.filter((packet) => packet.kind === 'video')
    expect(result.init).toMatchObject({ kind: 'video', width: 160, height: 90 })
    expect(result.init.config).toEqual(packets.find((packet) => packet.kind === 'video-config')?.data)
    expect(result.samples.map((sample) => Buffer.from(sample.data))).toEqual(video.map((p) => Buffer.from(p.data)))
    expect(result.samples.map((sample) => sample.keyframe)).toEqual(video.map((packet) => packet.keyframe))
    expect(presentedMs(result)).toEqual(video.map((packet) => packet.ptsMs))
  })

  it('of encoded video is at the times of the feed', () => {
    const times = ['-fps_mode', 'passthrough', '-enc_time_base', '1:1000', '-force_key_frames', 'source']
    const result = read(fragments('-map', '0:v', '-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0', ...times))
    const shown = packets.flatMap((packet) => (packet.kind === 'video' ? [packet.ptsMs] : [])).sort((a, b) => a - b)
    expect(presentedMs(result)).toEqual(shown)
  })

  it('damaged in any way gives samples or a coded error', () => {
    const whole = fragments('-map', '0:v', '-c', 'copy')
    const random = seeded(11)
    const codes = new Map<string, number>()
    for (let round = 0; round < 1500; round += 1) {
      const victim = Buffer.from(whole.subarray(0, round % 3 === 0 ? random.below(whole.length) : 20_000))
      for (let hit = 0; hit < 8; hit += 1) victim[random.below(Math.min(victim.length, 1200))] = random.below(256)
      const code = codeOf(victim)
      codes.set(code, (codes.get(code) ?? 0) + 1)
    }
    expect([...codes.keys()].sort()).toEqual(['MP4_BOX_TOO_LARGE', 'MP4_MALFORMED', 'none'])
  })
})

function codeOf(bytes: Buffer): string {
  const reader = new FragmentReader()
  try {
    for (let at = 0; at < bytes.length; at += 4096) reader.push(bytes.subarray(at, at + 4096))
    return 'none'
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
}
