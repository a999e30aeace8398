import { describe, expect, it } from 'vitest'
import type { ErrorCode } from '#archive/core/error-codes.ts'
import { type KeyId, newId, type RoomId } from '#archive/core/ids.ts'
import { RoomFeeds } from '../../../ingest/feed/room-feeds.ts'

const chamber: RoomId = newId()
const hall: RoomId = newId()

function encoder(roomId: RoomId, keyId: KeyId = newId()) {
  return {
    roomId,
    keyId,
    silence: 0,
    closedWith: null as ErrorCode | null,
    silentMs() {
      return this.silence
    },
    close(code: ErrorCode) {
      this.closedWith = code
    },
  }
}

const start = () => new RoomFeeds<ReturnType<typeof encoder>>({ wallMs: () => 42 })

describe('the feeds of rooms', () => {
  it.each([
    [0, 'INGEST_ROOM_BUSY'],
    [1_999, 'INGEST_ROOM_BUSY'],
    [2_000, null],
    [600_000, null],
  ])('after %i ms of silence of the first, a second encoder meets %s', (silence, code) => {
    const feeds = start()
    const [first, second] = [encoder(chamber), encoder(chamber)]
    expect(feeds.claim(first)).toBeNull()
    first.silence = silence
    expect(feeds.claim(second)?.code ?? null).toBe(code)
    expect(feeds.current(chamber)).toBe(code ? first : second)
    expect(first.closedWith).toBe(code ? null : 'INGEST_TAKEN_OVER')
  })

  it('lets encoders of different rooms be', () => {
    const feeds = start()
    const [first, second] = [encoder(chamber), encoder(hall)]
    expect([feeds.claim(first), feeds.claim(second)]).toEqual([null, null])
    expect(feeds.all()).toEqual([first, second])
  })

  it('is free again when the feed has ended, and does not mind the late end of one that was taken over', () => {
    const feeds = start()
    const [first, second] = [encoder(chamber), encoder(chamber)]
    feeds.claim(first)
    first.silence = 3_000
    feeds.claim(second)
    expect(feeds.release(first, 'INGEST_TAKEN_OVER')).toBe(false)
    expect(feeds.current(chamber)).toBe(second)
    expect(feeds.release(second, null)).toBe(true)
    expect(feeds.current(chamber)).toBeNull()
    expect(feeds.problem(chamber)).toBeNull()
  })

  it('closes what publishes with a revoked key, and nothing else', () => {
    const feeds = start()
    const key: KeyId = newId()
    const [revoked, other] = [encoder(chamber, key), encoder(hall)]
    feeds.claim(revoked)
    feeds.claim(other)
    expect(feeds.revoke(key)).toBe(1)
    expect([revoked.closedWith, other.closedWith]).toEqual(['INGEST_KEY_REVOKED', null])
  })

  it('keeps for the operator why the last encoder was turned away, until that is cleared', () => {
    const feeds = start()
    const feed = encoder(chamber)
    feeds.claim(feed)
    feeds.release(feed, 'INGEST_VIDEO_CODEC')
    expect(feeds.problem(chamber)).toEqual({
      code: 'INGEST_VIDEO_CODEC',
      message: 'The encoder sends a picture that is not H.264.',
      hint: 'Set the video encoder to H.264 (AVC, x264); HEVC, AV1 and VP9 are not accepted.',
      atMs: 42,
    })
    feeds.clearProblem(chamber)
    expect(feeds.problem(chamber)).toBeNull()
  })

  it.each(['INGEST_TAKEN_OVER', 'INGEST_GATE_UNCERTAIN', 'INGEST_STOPPING'] as const)(
    'blames no encoder for %s',
    (code) => {
      const feeds = start()
      feeds.release(encoder(chamber), code)
      expect(feeds.problem(chamber)).toBeNull()
    },
  )
})
