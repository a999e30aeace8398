import { isInterrupted, isPublic } from '../catalog/access.ts'
import { publicAlarmOf } from '../catalog/alarms.ts'
import { itemsOf } from '../catalog/items.ts'
import { marksOf } from '../catalog/marks.ts'
import type { Meeting } from '../catalog/meetings.ts'
import { connectedRooms } from '../catalog/sessions.ts'
import { spansOf } from '../catalog/spans.ts'
import type { TownDb } from '../catalog/town-db.ts'
import { transcriptsOf } from '../catalog/transcripts.ts'
import { type Chapter, chapters } from '../domain/chapter.ts'
import { meetingKindOf } from '../domain/governing-body.ts'
import { isoWithOffset } from '../domain/local-time.ts'
import { mediaTimeMap, type SpanFacts } from '../domain/media-time.ts'
import type { ChapterView, MeetingSummaryView, MeetingView, SpanView } from '../domain/meeting-view.ts'
import { isOpen } from '../domain/serving.ts'
import type { Audience } from './operations.ts'
import { livePlaylist, meetingUrl, replayPlaylist } from './page-address.ts'

export interface Presentation {
  readonly audience: Audience
  readonly publicUrl: string | null
}

export function summaryOf(
  meeting: Meeting,
  connected: ReadonlySet<string>,
  publicUrl: string | null,
): MeetingSummaryView {
  const { slug, title, body, state, planned, localDate, revision } = meeting
  return {
    ...{ slug, title, body: body.slug, bodyName: body.name, kind: meetingKindOf(body.kind), state },
    interrupted: isInterrupted(meeting, connected),
    ...{ plannedAt: isoWithOffset(planned.startMs, planned.zone), localDate, timeZone: planned.zone, revision },
    url: meetingUrl(publicUrl, slug),
  }
}

/** Everything that a meeting's page shows, as of one snapshot of the catalogue. */
export async function viewOf(
  db: TownDb,
  meeting: Meeting,
  { audience, publicUrl }: Presentation,
): Promise<MeetingView> {
  const { id, slug, state, recording } = meeting
  const items = await itemsOf(db, id)
  const marks = await marksOf(db, id)
  const spans = recording ? await spansOf(db, recording) : []
  const mayGrow = state !== 'ended' && state !== 'published' && state !== 'cancelled'
  const durationMs = mayGrow || spans.length === 0 ? null : mediaTimeMap(spans).durationMs
  const showsWords = audience === 'operator' || isPublic(meeting)
  const transcripts = showsWords ? await transcriptsOf(db, id) : []
  const alarm = await publicAlarmOf(db, id)
  return {
    id,
    ...summaryOf(meeting, await connectedRooms(db), publicUrl),
    ...{ startedAt: utc(meeting.startedAtMs), endedAt: utc(meeting.endedAtMs), resumesAt: utc(meeting.resumesAtMs) },
    currentItemId: meeting.currentItem,
    recording,
    agenda: items,
    chapters: chapters({ marks, items, spans, open: mayGrow }).map(chapterView),
    live: isOpen(state) && isPublic(meeting) ? { hls: livePlaylist(slug) } : null,
    replay: state === 'published' && recording && spans.length > 0 ? { hls: replayPlaylist(recording) } : null,
    spans: spans.map(spanView),
    durationSeconds: durationMs === null ? null : durationMs / 1000,
    transcripts: transcripts.map(({ language, origin, reviewed }) => ({ language, origin, reviewed })),
    alarm: alarm && { code: alarm.code, since: new Date(alarm.sinceMs).toISOString() },
  }
}

function chapterView({ itemId, number, title, startMs, endMs, startedAtMs }: Chapter): ChapterView {
  return {
    ...{ itemId, number, title, startSeconds: startMs / 1000, endSeconds: endMs === null ? null : endMs / 1000 },
    startedAt: new Date(startedAtMs).toISOString(),
  }
}

function spanView({ wallMs, mediaStartMs, durationMs }: SpanFacts): SpanView {
  return {
    startedAt: new Date(wallMs).toISOString(),
    mediaStartSeconds: mediaStartMs / 1000,
    durationSeconds: durationMs === null ? null : durationMs / 1000,
  }
}

function utc(wallMs: number | null): string | null {
  return wallMs === null ? null : new Date(wallMs).toISOString()
}
