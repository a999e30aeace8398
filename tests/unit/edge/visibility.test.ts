import { expect, test } from 'vitest'
import type { MediaAccess, MeetingSummary } from '#archive/catalog/access.ts'
import type { MeetingId, RecordingId } from '#archive/core/ids.ts'
import type { MeetingState } from '#archive/domain/meeting-state.ts'
import { recordingId, testId } from '#tests/support/journal.ts'
import { meetingNews } from '../../../site/edge/meeting-news.ts'
import { type LiveMeeting, Visibility } from '../../../site/edge/visibility.ts'

const meeting = testId<MeetingId>('meeting')

function summary(state: MeetingState, recording: RecordingId | null = recordingId): MeetingSummary {
  return {
    id: meeting,
    slug: 'raad',
    state,
    interrupted: false,
    revision: 3,
    currentItem: null,
    recording,
    plannedAt: '2026-11-23T19:30:00+01:00',
    resumesAtMs: null,
    isPublic: true,
  }
}

function entry(state: MeetingState, access: MediaAccess['access']): MediaAccess {
  return { recording: recordingId, meeting, slug: 'raad', state, access, publishedAtMs: null }
}

function live(state: MeetingState, feed: LiveMeeting['feed'] = 'connected'): LiveMeeting {
  return { type: 'meeting', meeting, slug: 'raad', recording: recordingId, state, feed, item: null }
}

function news(known: MeetingState, said: LiveMeeting | null, isLiveConnected = true) {
  const visibility = new Visibility()
  visibility.takeSnapshot({ access: [entry(known, 'public')], meetings: [summary(known)] })
  if (said) visibility.takeLiveMeeting(said)
  return meetingNews('raad', { visibility, isLiveConnected, isPlayable: () => true })
}

test('the catalogue decides wherever it knows a recording', () => {
  const visibility = new Visibility()
  visibility.takeLiveMeeting(live('live'))
  for (const access of ['public', 'private', 'withdrawn'] as const) {
    visibility.takeSnapshot({ access: [entry('live', access)], meetings: [summary('live')] })
    expect(visibility.sightOf(recordingId).access).toBe(access)
  }
})

test('what live alone announces is seen while it streams for a listed meeting', () => {
  const visibility = new Visibility()
  visibility.takeLiveMeeting(live('live'))
  expect(visibility.sightOf(recordingId).access).toBe('unknown')
  visibility.takeSnapshot({ access: [], meetings: [summary('waiting', null)] })
  expect(visibility.sightOf(recordingId)).toEqual({ access: 'public', state: 'live', publishedAtMs: null })
  expect(visibility.recordingOf('raad')).toBe(recordingId)
  visibility.takeLiveMeeting(live('waiting'))
  expect(visibility.sightOf(recordingId).access).toBe('unknown')
  visibility.takeLiveMeeting(live('live'))
  visibility.forgetLive()
  expect(visibility.sightOf(recordingId).access).toBe('unknown')
})

test.each([
  ['scheduled', null, 'scheduled'],
  ['waiting', 'live', 'live'],
  ['live', 'paused', 'paused'],
  ['paused', 'live', 'live'],
  ['live', 'ended', 'ended'],
  ['waiting', 'ended', 'waiting'],
  ['ended', 'live', 'ended'],
  ['published', 'ended', 'published'],
  ['live', 'waiting', 'live'],
] as const)('a meeting that is %s in the catalogue and %s for live is told as %s', (known, said, told) => {
  expect(news(known, said && live(said))?.state).toBe(told)
})

test('a live meeting is interrupted without live and without a feed, a paused one never', () => {
  expect(news('live', live('live'))?.interrupted).toBe(false)
  expect(news('live', live('live', 'interrupted'))?.interrupted).toBe(true)
  expect(news('live', live('live', 'none'))?.interrupted).toBe(true)
  expect(news('live', null, false)?.interrupted).toBe(true)
  expect(news('paused', null, false)?.interrupted).toBe(false)
})

test('the address told is the live one while it streams, the replay once it is published, else none', () => {
  expect(news('live', live('live'))?.hls).toBe('/live/raad/index.m3u8')
  expect(news('published', null)?.hls).toBe(`/media/${recordingId}/index.m3u8`)
  expect(news('ended', null)?.hls).toBeNull()
})

test('what live said before it went does not outweigh the catalogue', () => {
  expect(news('paused', live('live'), false)).toMatchObject({ state: 'paused', interrupted: false })
})
