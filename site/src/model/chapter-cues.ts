import type { Cue } from '#archive/captions/cue.ts'
import type { MeetingView } from '#archive/domain/meeting-view.ts'

/** An item that is being treated has no end yet; players need one. */
const openEndMs = 24 * 3_600_000

/** The chapters as cues (WebVTT 1, chapter tracks): one per range, items treated together in one line. */
export function chapterCues(view: Pick<MeetingView, 'chapters' | 'durationSeconds'>): Cue[] {
  const cues = new Map<number, Cue>()
  for (const { number, title, startSeconds, endSeconds } of view.chapters) {
    const startMs = Math.round(startSeconds * 1000)
    const end = endSeconds ?? view.durationSeconds
    const name = number === '' ? title : `${number}. ${title}`
    const before = cues.get(startMs)
    cues.set(startMs, {
      startMs,
      endMs: end === null ? startMs + openEndMs : Math.round(end * 1000),
      text: before ? `${before.text} · ${name}` : name,
    })
  }
  return [...cues.values()]
}
