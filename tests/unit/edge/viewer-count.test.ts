import { describe, expect, it } from 'vitest'
import type { RenditionName } from '#archive/hls/packaging.ts'
import { directivesOf } from '../../../site/edge/directives.ts'
import { ViewerCount } from '../../../site/edge/viewer-count.ts'

const startMs = Date.UTC(2026, 10, 23, 18, 30)

interface Player {
  readonly rendition: RenditionName
  readonly query: string
  readonly everyMs: number
  readonly fromMs?: number
  readonly untilMs?: number
}

const lowLatency = (rendition: RenditionName): Player => ({ rendition, query: '?_HLS_msn=9&_HLS_part=1', everyMs: 420 })
const ordinary = (rendition: RenditionName): Player => ({ rendition, query: '', everyMs: 4_000 })
const bySegment = (rendition: RenditionName): Player => ({ rendition, query: '?_HLS_msn=9', everyMs: 4_000 })
const times = (count: number, ...players: readonly Player[]) => Array.from({ length: count }, () => players).flat()

/** What is counted a minute after all began to follow one meeting. */
function counted(players: readonly Player[], atMs = 60_000) {
  const viewers = new ViewerCount()
  for (let nowMs = 0; nowMs < atMs; nowMs += 20) {
    for (const { rendition, query, everyMs, fromMs = 0, untilMs = atMs } of players) {
      const directives = directivesOf(`/live/raad/${rendition}.m3u8${query}`)
      const isDue = nowMs >= fromMs && nowMs < untilMs && nowMs % everyMs < 20
      if (isDue && directives) viewers.note('raad', rendition, { directives, nowMs: startMs + nowMs })
    }
  }
  return viewers.counts(startMs + atMs).get('raad') ?? 0
}

describe('viewers', () => {
  it.each([
    ['nobody', [], 0],
    ['one at low latency, with sound', [lowLatency('360p'), lowLatency('audio')], 1],
    ['twenty at low latency', times(20, lowLatency('source'), lowLatency('audio')), 20],
    ['three of ordinary HLS', times(3, ordinary('720p'), ordinary('audio')), 3],
    ['two that wait for whole segments', times(2, bySegment('720p'), bySegment('audio')), 2],
    ['four that only listen', times(4, lowLatency('audio')), 4],
    ['all of them together', [...times(5, lowLatency('360p'), lowLatency('audio')), ...times(3, ordinary('audio'))], 8],
    ['those who left', [{ ...lowLatency('360p'), untilMs: 47_000 }, ordinary('source')], 1],
  ])('are counted: %s', (_name, players, expected) => {
    expect(counted(players)).toBe(expected)
  })

  it('are counted for each meeting apart, and forgotten when they have gone', () => {
    const viewers = new ViewerCount()
    const directives = { position: null, skip: false }
    for (const nowMs of [0, 4_000, 8_000]) {
      viewers.note('raad', 'source', { directives, nowMs: startMs + nowMs })
      viewers.note('pers', 'source', { directives, nowMs: startMs + nowMs })
    }
    expect([...viewers.counts(startMs + 9_000)]).toEqual([
      ['raad', 1],
      ['pers', 1],
    ])
    expect([...viewers.counts(startMs + 60_000)]).toEqual([])
  })
})
