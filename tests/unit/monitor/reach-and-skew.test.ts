import { describe, expect, it } from 'vitest'
import { type Look, ReachWatch } from '../../../transcode/monitor/reach-watch.ts'
import { SkewWatch } from '../../../transcode/monitor/skew-watch.ts'

const startMs = Date.UTC(2026, 10, 23, 18, 30)
const news = (newSegments: number): Look => ({ kind: 'segments', newSegments, targetDurationMs: 4000 })
const absent: Look = { kind: 'absent' }
const refused: Look = { kind: 'unreachable', reason: 'connect ECONNREFUSED' }

type Looks = readonly (readonly [seconds: number, look: Look])[]
const flowing: Looks = [0, 4, 8, 12, 16, 20].map((second) => [second, news(1)] as const)

function found(looks: Looks, atSecond: number) {
  const watch = new ReachWatch(startMs)
  for (const [second, look] of looks) watch.note(look, startMs + second * 1000)
  return watch.findings(startMs + atSecond * 1000).map(({ code, sinceMs }) => [code, (sinceMs - startMs) / 1000])
}

describe('the reach of a monitor', () => {
  it.each<[string, Looks, number, unknown[]]>([
    ['flowing segments are well', flowing, 24, []],
    ['three target durations without one are borne', [...flowing, [32, news(0)]], 32, []],
    ['more are a stale playlist, since the last segment', [...flowing, [34, news(0)]], 33, [['STREAM_STALE', 20]]],
    ['a segment ends it', [...flowing, [60, news(0)], [61, news(1)]], 62, []],
    ['a stream that has not begun is waited for', [[2, absent]], 30, []],
    ['one that never begins is stale', [[2, absent]], 31, [['STREAM_STALE', 0]]],
    ['what the first look finds may be old', [[1, news(1)]], 29, []],
    ['a playlist that is gone is stale', [...flowing, [24, absent]], 40, [['STREAM_STALE', 20]]],
    ['an edge that is restarted is waited for', [...flowing, [22, refused]], 36, []],
    [
      'one that stays away makes blind, and nothing is said of the stream',
      [...flowing, [22, refused]],
      60,
      [['MONITOR_BLIND', 22]],
    ],
    ['an answer ends it', [...flowing, [22, refused], [50, news(3)]], 51, []],
  ])('%s', (_name, looks, atSecond, expected) => {
    expect(found(looks, atSecond)).toEqual(expected)
  })

  it('says why it is blind', () => {
    const watch = new ReachWatch(startMs)
    watch.note(refused, startMs)
    expect(watch.findings(startMs + 15_000)).toEqual([
      { code: 'MONITOR_BLIND', sinceMs: startMs, detail: 'connect ECONNREFUSED' },
    ])
  })
})

function skewed(...skews: readonly number[]) {
  const watch = new SkewWatch()
  for (const [index, skewMs] of skews.entries()) {
    watch.compare({ videoMs: index * 4000, audioMs: index * 4000 + skewMs, atMs: startMs + index * 4000 })
  }
  return watch.findings().map(({ sinceMs, detail }) => [(sinceMs - startMs) / 1000, detail])
}

describe('sound and picture', () => {
  it.each([
    ['a frame apart are together', skewed(21, -21, 30, 10), []],
    ['apart in two segments are waited for', skewed(0, 300, 300), []],
    ['apart in three are apart', skewed(0, 300, 300, 310), [[4, 'the sound comes 310 ms after the picture']]],
    ['apart the other way too', skewed(-250, -250, -250), [[0, 'the sound comes 250 ms before the picture']]],
    ['together again are well', skewed(300, 300, 300, 20), []],
  ])('%s', (_name, seen, expected) => {
    expect(seen).toEqual(expected)
  })
})
