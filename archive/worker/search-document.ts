import { isPublic } from '../catalog/access.ts'
import { itemsOf } from '../catalog/items.ts'
import { marksOf } from '../catalog/marks.ts'
import { type Meeting, meetingById } from '../catalog/meetings.ts'
import { spansOf } from '../catalog/spans.ts'
import type { TownDb } from '../catalog/town-db.ts'
import { cuesOf, transcriptsOf } from '../catalog/transcripts.ts'
import type { MeetingId } from '../core/ids.ts'
import { type Chapter, chapters } from '../domain/chapter.ts'
import type { CueEntry, SearchDocument } from '../search/search-index.ts'

export type Findable =
  | { readonly kind: 'document'; readonly document: SearchDocument }
  /** A draft: nothing of it may be found. */
  | { readonly kind: 'hidden'; readonly slug: string }

/**
 * What may be found of a meeting: title and public items from its announcement on, moments and words while its recording is public. Null
 * when there is no such meeting.
 */
export async function findable(db: TownDb, id: MeetingId): Promise<Findable | null> {
  const meeting = await meetingById(db, id)
  if (!meeting) return null
  if (meeting.unlisted && meeting.state !== 'published') return { kind: 'hidden', slug: meeting.slug }
  const starts = await chapterStarts(db, meeting)
  const items = (await itemsOf(db, id)).filter((item) => item.public)
  const document: SearchDocument = {
    meeting: meeting.slug,
    title: meeting.title,
    plannedAtMs: meeting.planned.startMs,
    items: items.map((item) => ({ text: item.title, startSeconds: starts.get(item.id) ?? null })),
    cues: isPublic(meeting) ? await cueEntries(db, id) : [],
  }
  return { kind: 'document', document }
}

/** Seconds of MediaTime at which each item was first taken up. */
async function chapterStarts(db: TownDb, meeting: Meeting): Promise<Map<Chapter['itemId'], number>> {
  if (!meeting.recording || !isPublic(meeting)) return new Map()
  const found = chapters({
    marks: await marksOf(db, meeting.id),
    items: await itemsOf(db, meeting.id),
    spans: await spansOf(db, meeting.recording),
    open: meeting.endedAtMs === null,
  })
  return new Map(found.toReversed().map(({ itemId, startMs }) => [itemId, startMs / 1000]))
}

/** Of each language the transcript that pages show: the imported one where there is one. */
async function cueEntries(db: TownDb, id: MeetingId): Promise<CueEntry[]> {
  const known = await transcriptsOf(db, id)
  const shown = known.filter(({ language, origin }) => {
    return origin === 'imported' || !known.some((other) => other.language === language && other.origin === 'imported')
  })
  const entries: CueEntry[] = []
  for (const { id: transcript, language } of shown) {
    for (const { text, startMs } of await cuesOf(db, transcript)) {
      entries.push({ text: text.replaceAll('\n', ' '), language, startSeconds: startMs / 1000 })
    }
  }
  return entries
}
