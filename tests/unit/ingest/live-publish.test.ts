import { describe, expect, it } from 'vitest'
import type { ErrorCode } from '#archive/core/error-codes.ts'
import { newId } from '#archive/core/ids.ts'
import { aacConfigTag, aacTag, avcTag } from '#tests/support/rtmp-bytes.ts'
import { LivePublish } from '../../../ingest/rtmp/live-publish.ts'

const limits = { firstMediaMs: 15_000, idleMs: 20_000 }
const picture = avcTag(Buffer.of(1), { keyframe: true })

function start() {
  const time = { nowMs: 0 }
  const ends: ErrorCode[] = []
  const failures: unknown[] = []
  const publish: LivePublish = new LivePublish(
    { ok: true, keyId: newId(), roomId: newId() },
    {
      clock: { wallMs: () => 1_000_000 + time.nowMs, monotonicMs: () => time.nowMs },
      remoteAddress: '192.0.2.1',
      secure: false,
      software: 'FMLE/3.0',
      end: (code) => {
        ends.push(code)
        publish.ended(code)
      },
      failed: (error) => failures.push(error),
    },
  )
  return { publish, time, ends, failures }
}

describe('a verified encoder', () => {
  it.each([
    ['nothing', 14_999, null, []],
    ['nothing', 15_000, 'INGEST_NO_MEDIA', []],
    ['sound alone', 15_000, 'INGEST_VIDEO_MISSING', [[8, aacTag(Buffer.of(1))]]],
    ['a configuration alone', 15_000, 'INGEST_NO_MEDIA', [[8, aacConfigTag()]]],
    ['a picture', 19_999, null, [[9, picture]]],
    ['a picture', 20_000, 'INGEST_IDLE', [[9, picture]]],
  ] as const)('that has sent %s after %i ms is overdue for %s', (_name, nowMs, expected, tags) => {
    const { publish, time } = start()
    for (const [type, body] of tags) publish.media(type, 0, body)
    time.nowMs = nowMs
    expect(publish.overdue(limits)).toBe(expected)
  })

  it('is silent from its verification until its first media, and from its last', () => {
    const { publish, time } = start()
    time.nowMs = 1_500
    expect([publish.silentMs(), publish.stats().lastMediaAtMs]).toEqual([1_500, null])
    publish.media(9, 0, picture)
    time.nowMs = 1_700
    expect([publish.silentMs(), publish.stats().lastMediaAtMs]).toEqual([200, 1_001_500])
  })

  it('is called what its connection said until its metadata says more', () => {
    expect(start().publish.encoder()).toEqual({ name: 'FMLE/3.0', width: null, height: null, framesPerSecond: null })
  })

  it('ends as INTERNAL when its listener throws, and the error is told', () => {
    const { publish, ends, failures } = start()
    const fault = new Error('listener')
    publish.onPacket(() => {
      throw fault
    })
    publish.media(9, 0, picture)
    expect([ends, failures]).toEqual([['INTERNAL'], [fault]])
  })

  it('tells no packet after its end, and why it ended', async () => {
    const { publish } = start()
    const told: string[] = []
    publish.onPacket((packet) => {
      told.push(packet.kind)
      publish.close('INGEST_KEY_REVOKED')
    })
    publish.media(9, 0, picture)
    publish.media(9, 40, picture)
    expect([told, await publish.closed]).toEqual([['video'], 'INGEST_KEY_REVOKED'])
  })
})
