import { describe, expect, it } from 'vitest'
import { systemClock } from '#archive/core/clock.ts'
import { createLog } from '#archive/core/log.ts'
import type { FeedPacket } from '#archive/hls/feed.ts'
import { until } from '#tests/support/until.ts'
import { startProgram } from '../../../transcode/ffmpeg/program.ts'
import { startSilenceWatch } from '../../../transcode/sound/silence-watch.ts'

const asc = Uint8Array.of(0x11, 0x90)

/** AAC units of a sound that lavfi makes, without their ADTS headers. */
async function units(source: string): Promise<FeedPacket[]> {
  const args = [
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    source,
    '-ac',
    '2',
    '-ar',
    '48000',
    '-c:a',
    'aac',
    '-f',
    'adts',
    'pipe:1',
  ]
  const program = startProgram({ program: 'ffmpeg', args, stdout: true })
  const chunks: Buffer[] = []
  for await (const chunk of program.stdout ?? []) chunks.push(chunk as Buffer)
  const bytes = Buffer.concat(chunks)
  const packets: FeedPacket[] = [{ kind: 'audio-config', codec: 'aac', data: asc, arrivedAtMs: 0 }]
  for (let at = 0; at + 7 < bytes.length; ) {
    const size = (bytes.readUInt32BE(at + 3) >>> 13) & 0x1fff
    packets.push({ kind: 'audio', ptsMs: 0, data: bytes.subarray(at + 7, at + size), arrivedAtMs: 0 })
    at += size
  }
  return packets
}

describe('the silence watch', () => {
  it('hears thirty seconds of nothing, and the quiet voice (-41 dB) that ends it', async () => {
    const clock = systemClock()
    const watch = startSilenceWatch({ clock, log: createLog('test', 'error') })
    for (const packet of await units('anullsrc=r=48000:d=30')) watch.push(packet)
    const since = await until('silence is noticed', () => watch.silentSinceMs)
    expect(clock.wallMs() - since).toBeGreaterThanOrEqual(20_000)
    for (const packet of await units('sine=f=440:r=48000:d=10,volume=0.1')) watch.push(packet)
    await until('the sound is noticed', () => watch.silentSinceMs === null)
    watch.close()
    expect(watch.silentSinceMs).toBeNull()
  })
})
