import { describe, expect, it } from 'vitest'
import { adtsFrame } from '../../../transcode/sound/adts.ts'

describe('an ADTS header', () => {
  it('says object type, rate, channels and length (AAC-LC, 48 kHz, stereo, 3 bytes)', () => {
    const frame = adtsFrame({ objectType: 2, sampleRate: 48_000, channels: 2 }, Uint8Array.of(1, 2, 3))
    expect(frame?.toString('hex')).toBe('fff14c80015ffc010203')
  })

  it.each([
    { objectType: 2, sampleRate: 47_999, channels: 2 },
    { objectType: 2, sampleRate: 48_000, channels: 0 },
    { objectType: 2, sampleRate: 48_000, channels: 9 },
  ])('is not made of what it cannot say: %j', (config) => {
    expect(adtsFrame(config, Uint8Array.of(0))).toBeNull()
  })
})
