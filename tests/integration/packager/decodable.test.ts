import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SpanId } from '#archive/core/ids.ts'
import type { FeedPacket } from '#archive/hls/feed.ts'
import type { PackagedEvent, RenditionName } from '#archive/hls/packaging.ts'
import { packetsOfFlv } from '#tests/support/flv-packets.ts'
import { parseAacConfig } from '../../../transcode/codec/aac-config.ts'
import { parseAvcConfig } from '../../../transcode/codec/avc-config.ts'
import { FragmentReader } from '../../../transcode/mp4/fragment-reader.ts'
import { SpanPackager } from '../../../transcode/packager/span-packager.ts'

const fragmented = '+empty_moov+default_base_moof+cmaf+frag_discont+frag_every_frame+skip_trailer'
const folder = mkdtempSync(join(tmpdir(), 'packager-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A moving picture and a tone that starts 0.3 s after it. */
function makeFlv(name: string, { fps, sampleRate }: { fps: string; sampleRate: number }): string {
  const file = join(folder, name)
  const picture = ['-f', 'lavfi', '-i', `testsrc2=size=320x180:rate=${fps}`]
  const tone = ['-itsoffset', '0.3', '-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=${sampleRate}`]
  const video = ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '50', '-bf', '2', '-sc_threshold', '0']
  const output = [...video, '-c:a', 'aac', '-t', '9', '-f', 'flv', file]
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...picture, ...tone, ...output])
  return file
}

/** `360p` encoded from the same bytes by the options that keep the feed's times. */
function encode(flv: string): Buffer {
  const times = ['-fps_mode', 'passthrough', '-enc_time_base', '1:1000']
  const encoder = [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-bf',
    '0',
    '-sc_threshold',
    '0',
    '-profile:v',
    'baseline',
  ]
  const keys = ['-force_key_frames', 'source']
  const output = ['-copyts', '-f', 'mp4', '-movflags', fragmented, '-flush_packets', '1', 'pipe:1']
  const run = spawnSync(
    'ffmpeg',
    ['-v', 'error', '-copyts', '-f', 'flv', '-i', 'pipe:0', '-map', '0:v', ...times, ...encoder, ...keys, ...output],
    { input: readFileSync(flv), maxBuffer: 1 << 28 },
  )
  expect(run.stderr.toString()).toBe('')
  return run.stdout
}

function configOf(packets: readonly FeedPacket[], kind: 'video-config' | 'audio-config'): Uint8Array {
  return packets.find((packet) => packet.kind === kind)?.data ?? new Uint8Array()
}

function packageFlv(flv: string): PackagedEvent[] {
  const packets = packetsOfFlv(readFileSync(flv))
  const avcC = configOf(packets, 'video-config')
  const asc = configOf(packets, 'audio-config')
  const [avc, aac] = [parseAvcConfig(avcC), parseAacConfig(asc)]
  if (!avc.ok || !aac.ok) throw new Error('configurations unreadable')
  const events: PackagedEvent[] = []
  let number = 0
  const packager = new SpanPackager({
    span: 'span' as SpanId,
    mode: 'source',
    video: { config: avc.value, avcC },
    audio: { config: aac.value, asc },
    encoded: [{ name: '360p', width: 320, height: 180, codecs: 'avc1.42c01f' }],
    frameRate: avc.value.frameRate,
    nextNumber: () => number++,
    emit: (event) => void events.push(event),
    report: (code, detail) => expect(`${code} ${detail}`).toBe('no report'),
    wallMsAt: (feedMs) => feedMs,
  })
  for (const packet of packets) {
    if (packet.kind === 'video' || packet.kind === 'audio') expect(packager.push(packet)).toBeNull()
  }
  const reader = new FragmentReader()
  let timescale = 1
  for (const event of reader.push(encode(flv))) {
    if (event.type === 'init') {
      timescale = event.init.timescale
      packager.encodedConfig('360p', event.init.config)
    } else {
      packager.pushEncoded('360p', { ...event, ptsMs: (event.ptsTicks * 1000) / timescale })
    }
  }
  packager.finish('stopped')
  return events
}

interface Probed {
  readonly seconds: number[]
  readonly keys: number[]
}

/** Presentation times of every frame as ffprobe decodes them, and of those that are keyframes. */
function probe(file: string, stream: 'v' | 'a'): Probed {
  const entries = ['-select_streams', stream, '-show_entries', 'frame=pts_time,key_frame', '-of', 'json']
  const run = spawnSync('ffprobe', ['-v', 'error', ...entries, file], { maxBuffer: 1 << 26 })
  expect(run.stderr.toString()).toBe('')
  const { frames } = JSON.parse(run.stdout.toString()) as { frames: { pts_time: string; key_frame: number }[] }
  const timesOf = (rows: typeof frames) => rows.map((row) => Number(row.pts_time))
  return { seconds: timesOf(frames), keys: timesOf(frames.filter((row) => row.key_frame === 1)) }
}

/** ffmpeg shows a track with negative composition offsets later by the largest of them: times from the first frame on. */
function fromFirst({ seconds, keys }: Probed): Probed {
  const exact = (second: number) => Math.round((second - (seconds[0] ?? 0)) * 1e4) / 1e4
  return { seconds: seconds.map(exact), keys: keys.map(exact) }
}

function writeRendition(events: readonly PackagedEvent[], rendition: RenditionName, name: string): string {
  const file = join(folder, `${name}-${rendition}.mp4`)
  const own = events.flatMap((event) =>
    (event.type === 'init' || event.type === 'part') && event.rendition === rendition ? [event.bytes] : [],
  )
  writeFileSync(file, Buffer.concat(own))
  return file
}

describe.each([
  { name: 'pal', fps: '25', sampleRate: 48_000, timescale: 25_000, frameTicks: 1000 },
  { name: 'ntsc', fps: '30000/1001', sampleRate: 44_100, timescale: 30_000, frameTicks: 1001 },
])('a $fps fps feed with B-frames and $sampleRate Hz', ({ name, fps, sampleRate, timescale, frameTicks }) => {
  let flv = ''
  let events: PackagedEvent[] = []
  let original: { video: Probed; audio: Probed }
  beforeAll(() => {
    flv = makeFlv(`${name}.flv`, { fps, sampleRate })
    events = packageFlv(flv)
    original = { video: probe(flv, 'v'), audio: probe(flv, 'a') }
  })

  it('decodes without an error, every picture at its exact time', () => {
    const packaged = fromFirst(probe(writeRendition(events, 'source', name), 'v'))
    const exact = packaged.seconds.map((_, index) => (index * frameTicks) / timescale)
    expect(packaged.seconds).toHaveLength(original.video.seconds.length)
    packaged.seconds.forEach((second, index) => {
      expect(second).toBeCloseTo(exact[index] ?? -1, 3)
    })
  })

  it('keeps the sound within a millisecond of where it was against the picture', () => {
    const packaged = probe(writeRendition(events, 'audio', name), 'a')
    const zero = original.video.seconds[0] ?? 0
    const kept = original.audio.seconds.filter((second) => second >= zero)
    expect(Math.abs(packaged.seconds.length - kept.length)).toBeLessThanOrEqual(1)
    packaged.seconds.forEach((second, index) => {
      expect(Math.abs(second - ((kept[index] ?? 0) - zero))).toBeLessThan(0.001)
    })
  })

  it('gives the encoded rendition the same keyframes, segments and length', () => {
    const encodedRung = probe(writeRendition(events, '360p', name), 'v')
    expect(encodedRung.seconds[0]).toBe(0)
    expect(fromFirst(encodedRung)).toEqual(fromFirst(probe(writeRendition(events, 'source', name), 'v')))
    const segments = (rendition: string) =>
      events.flatMap((e) =>
        e.type === 'segment' && e.rendition === rendition ? [[e.n, e.startTicks, e.durationTicks]] : [],
      )
    expect(segments('360p')).toEqual(segments('source'))
    expect(segments('source').length).toBeGreaterThan(1)
  })

  it('lasts as long as its frames', () => {
    const frames = original.video.seconds.length
    expect(events.at(-1)).toMatchObject({ type: 'span-end', durationMs: (frames * frameTicks * 1000) / timescale })
  })

  it('opens at every segment on its own', () => {
    const init = events.find((event) => event.type === 'init' && event.rendition === 'source')
    const second = events.flatMap((e) => (e.type === 'part' && e.rendition === 'source' && e.n === 1 ? [e.bytes] : []))
    const file = join(folder, `${name}-second.mp4`)
    writeFileSync(file, Buffer.concat([init?.type === 'init' ? init.bytes : new Uint8Array(), ...second]))
    const probed = probe(file, 'v')
    expect(probed.keys[0]).toBe(probed.seconds[0])
    expect(probed.seconds.length).toBeGreaterThan(50)
  })
})
