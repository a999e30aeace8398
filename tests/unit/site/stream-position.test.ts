import { describe, expect, it } from 'vitest'
import { type DatedStretch, mediaSecondsAt, positionOf } from '../../../site/src/model/stream-position.ts'

const nine = Date.UTC(2026, 2, 2, 21, 0, 0)
const at = (seconds: number) => new Date(nine + seconds * 1000).toISOString()

/** Twenty seconds of meeting, a pause of a minute, and the meeting again. */
const spans = [
  { startedAt: at(0), mediaStartSeconds: 0, durationSeconds: 20 },
  { startedAt: at(80), mediaStartSeconds: 20, durationSeconds: null },
]
/** The slate stands from 20 to 81: the encoder's pictures arrive a second after they were taken. */
const stretches: readonly DatedStretch[] = [
  ...Array.from({ length: 5 }, (_, i) => stretch(i * 4, 4, i * 4)),
  ...Array.from({ length: 15 }, (_, i) => stretch(20 + i * 4, 4, 20 + i * 4)),
  stretch(80, 1, 80),
  ...Array.from({ length: 5 }, (_, i) => stretch(81 + i * 4, 4, 80 + i * 4)),
]

function stretch(startSeconds: number, durationSeconds: number, capturedAtS: number): DatedStretch {
  return { startSeconds, durationSeconds, capturedAtMs: nine + capturedAtS * 1000 }
}

describe('the MediaTime of a live position', () => {
  it.each([
    [0, 0],
    [13.5, 13.5],
    [20, 20],
    [50, 20],
    [79.9, 20],
    [81, 20],
    [91.25, 30.25],
  ])('%f is %f', (position, media) => {
    expect(mediaSecondsAt(position, stretches, spans)).toBeCloseTo(media, 6)
  })
})

describe('the live position of a MediaTime', () => {
  it.each([
    [0, 0],
    [13.5, 13.5],
    [19.9, 19.9],
    [20, 81],
    [30.25, 91.25],
  ])('%f is %f', (media, position) => {
    expect(positionOf(media, stretches, spans)).toBeCloseTo(position, 6)
  })

  it('is never beyond what the stream has', () => {
    expect(positionOf(500, stretches, spans)).toBe(101)
  })

  it('leads back to the same MediaTime, within a pause and outside of it', () => {
    for (let media = 0; media < 40; media += 0.7) {
      expect(mediaSecondsAt(positionOf(media, stretches, spans), stretches, spans)).toBeCloseTo(media, 6)
    }
  })
})

describe('without dates or spans', () => {
  it('position and MediaTime are the same', () => {
    const undated = stretches.map((of) => ({ ...of, capturedAtMs: null }))
    for (const of of [[], undated]) {
      expect(mediaSecondsAt(50, of, spans)).toBe(50)
      expect(positionOf(50, of, spans)).toBe(50)
    }
    expect(mediaSecondsAt(50, stretches, [])).toBe(50)
    expect(positionOf(50, stretches, [])).toBe(50)
  })
})
