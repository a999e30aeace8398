import { describe, expect, test } from 'vitest'
import type { ItemId, MeetingId, RecordingId } from '#archive/core/ids.ts'
import type { ChapterView, MeetingView } from '#archive/domain/meeting-view.ts'
import { messagesIn } from '../../../site/src/i18n/messages.ts'
import { agendaRows, itemsAt } from '../../../site/src/model/agenda-rows.ts'
import { backOffMs } from '../../../site/src/model/back-off.ts'
import { chapterCues } from '../../../site/src/model/chapter-cues.ts'
import { isPlayable, readNews, withNews } from '../../../site/src/model/meeting-news.ts'
import { meetingShelves } from '../../../site/src/model/meeting-shelves.ts'
import { playbackSource, sameSource } from '../../../site/src/model/playback-source.ts'
import { publicState, stateNotice } from '../../../site/src/model/state-notice.ts'

const item = (name: string) => name as ItemId
const chapter = (name: string, startSeconds: number, endSeconds: number | null): ChapterView => {
  return {
    itemId: item(name),
    number: name,
    title: `Item ${name}`,
    startSeconds,
    endSeconds,
    startedAt: '2025-11-24T18:31:00Z',
  }
}

const view: MeetingView = {
  id: 'm' as MeetingId,
  slug: 'x',
  title: 'Gemeenteraad',
  body: 'gemeenteraad',
  bodyName: 'Gemeenteraad',
  kind: 'meeting',
  state: 'live',
  interrupted: false,
  plannedAt: '2025-11-24T19:30:00+01:00',
  localDate: '2025-11-24',
  timeZone: 'Europe/Brussels',
  startedAt: null,
  endedAt: null,
  resumesAt: null,
  revision: 3,
  currentItemId: item('2'),
  recording: 'r' as RecordingId,
  agenda: ['1', '2', '3'].map((number) => ({
    id: item(number),
    number,
    title: `Item ${number}`,
    depth: 0,
    public: true,
  })),
  chapters: [chapter('1', 10, 60), chapter('2', 60, 100), chapter('3', 60, 100), chapter('1', 100, null)],
  live: { hls: '/live/x/index.m3u8' },
  replay: null,
  spans: [],
  durationSeconds: null,
  transcripts: [],
  alarm: null,
  url: '/meetings/x',
}

describe('the agenda beside the player', () => {
  const rows = agendaRows(view)

  test('keeps its own order and lists every moment an item was treated', () => {
    expect(rows.map(({ number, treatments }) => [number, treatments.map(({ startSeconds }) => startSeconds)])).toEqual([
      ['1', [10, 100]],
      ['2', [60]],
      ['3', [60]],
    ])
  })

  test.each([
    [0, []],
    [9.8, ['1']],
    [59, ['1']],
    [60, ['2', '3']],
    [99.9, ['1']],
    [5000, ['1']],
  ])('at %s seconds the items %j are current', (seconds, items) => {
    expect(itemsAt(rows, seconds)).toEqual(items)
  })

  test('marks nothing after the last chapter has ended', () => {
    const ended = agendaRows({ ...view, chapters: [chapter('1', 0, 30)] })
    expect(itemsAt(ended, 31)).toEqual([])
  })
})

describe('chapters as cues', () => {
  test('join items that are treated together and end an open one with the recording', () => {
    expect(chapterCues({ chapters: view.chapters, durationSeconds: 120 })).toEqual([
      { startMs: 10_000, endMs: 60_000, text: '1. Item 1' },
      { startMs: 60_000, endMs: 100_000, text: '2. Item 2 · 3. Item 3' },
      { startMs: 100_000, endMs: 120_000, text: '1. Item 1' },
    ])
  })

  test('give a chapter that goes on an end beyond any meeting', () => {
    expect(chapterCues({ chapters: [chapter('1', 1, null)], durationSeconds: null })[0]?.endMs).toBe(86_401_000)
  })
})

describe('what the public is told of the state', () => {
  test('a live meeting without an encoder is interrupted', () => {
    expect(publicState({ state: 'live', interrupted: true })).toBe('interrupted')
    expect(publicState({ state: 'paused', interrupted: true })).toBe('paused')
  })

  test('published without a replay is being prepared, except in a list, which does not know', () => {
    expect(publicState({ state: 'published', interrupted: false, replay: null })).toBe('preparing')
    expect(publicState({ state: 'published', interrupted: false })).toBe('published')
  })

  test.each([
    ['SOUND_SILENT', 'probleem met het geluid'],
    ['PICTURE_FROZEN', 'beeld'],
    ['STREAM_STALE', 'stokt'],
  ] as const)('says what is wrong with the stream while %s stands', (code, word) => {
    const troubled = {
      ...view,
      state: 'live' as const,
      interrupted: false,
      alarm: { code, since: '2026-11-22T20:00:00Z' },
    }
    expect(stateNotice(troubled, messagesIn('nl'), 'nl').text).toContain(word)
    expect(stateNotice({ ...troubled, state: 'paused' }, messagesIn('nl'), 'nl').text).not.toContain(word)
  })

  test('an announced meeting names its date and hour', () => {
    const notice = stateNotice({ ...view, state: 'scheduled', live: null }, messagesIn('nl'), 'nl')
    expect(notice.title).toBe('Begint op maandag 24 november 2025 om 19:30')
    expect(notice.badge).toBe('Aangekondigd')
  })
})

describe('what is played', () => {
  test('the live stream, then the replay, then nothing', () => {
    const replay = { hls: '/media/r/index.m3u8' }
    expect(playbackSource({ live: view.live, replay })).toEqual({ kind: 'live', hls: '/live/x/index.m3u8' })
    expect(playbackSource({ live: null, replay })).toEqual({ kind: 'replay', hls: '/media/r/index.m3u8' })
    expect(playbackSource({ live: null, replay: null })).toBeNull()
  })

  test('a source is the same when kind and address are', () => {
    const live = playbackSource(view)
    expect(sameSource(live, playbackSource({ ...view }))).toBe(true)
    expect(sameSource(live, null)).toBe(false)
    expect(sameSource(null, null)).toBe(true)
  })
})

describe('the shelves of the home page', () => {
  test('put a waiting meeting before the planned ones and no meeting twice', () => {
    const waiting = { ...view, slug: 'w', state: 'waiting' as const }
    const planned = { ...view, slug: 'p', state: 'scheduled' as const }
    const cancelled = { ...view, slug: 'c', state: 'cancelled' as const }
    const shelves = meetingShelves({ open: [view, waiting], upcoming: [waiting, planned], past: [cancelled] })
    expect(shelves.running.map(({ slug }) => slug)).toEqual(['x'])
    expect(shelves.next.map(({ slug }) => slug)).toEqual(['w', 'p'])
    expect(shelves.latest).toEqual([])
  })
})

describe('trying again', () => {
  test('doubles the delay up to a quarter of a minute and spreads viewers over half of it', () => {
    expect([0, 1, 2, 20].map((attempt) => backOffMs(attempt, 1))).toEqual([500, 1000, 2000, 15_000])
    expect(backOffMs(20, 0)).toBe(7_500)
  })
})

describe('news from the event stream', () => {
  const news = { state: 'live' as const, interrupted: true, revision: 3, currentItemId: '3', hls: null }

  test('is read, and what is not news is null', () => {
    expect(readNews(JSON.stringify(news))).toEqual(news)
    expect(readNews('{"state":"live"}')).toBeNull()
    expect(readNews('{"state":"odd","interrupted":false,"revision":1}')).toBeNull()
    expect(readNews('no JSON')).toBeNull()
  })

  test('tells of an interruption that the catalogue does not know of', () => {
    expect(withNews(view, news)).toMatchObject({ interrupted: true, currentItemId: '3', live: view.live })
  })

  test('of an older revision is passed over', () => {
    expect(withNews(view, { ...news, revision: 2, state: 'paused' })).toBe(view)
    expect(isPlayable({ ...view, replay: { hls: '/media/x/index.m3u8' } }, { ...news, hls: null, revision: 2 })).toBe(
      true,
    )
    // Just after a start the view is ahead of the news, and there is no picture yet.
    expect(isPlayable({ ...view, replay: null }, { ...news, hls: null, revision: 2 })).toBe(false)
  })

  test('of a publication waits for the view, which says where the replay is', () => {
    expect(withNews(view, { ...news, revision: 4, state: 'published' })).toBe(view)
  })

  test('says when there is nothing to play yet', () => {
    expect(isPlayable(view, news)).toBe(false)
    expect(isPlayable(view, { ...news, hls: '/live/x/index.m3u8' })).toBe(true)
    expect(isPlayable(view, null)).toBe(true)
  })
})
