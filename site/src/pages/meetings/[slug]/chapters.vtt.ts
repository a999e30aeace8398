import type { APIRoute } from 'astro'
import { writeWebVtt } from '#archive/captions/webvtt.ts'
import { chapterCues } from '../../../model/chapter-cues.ts'
import { errorAnswer, textAnswer } from '../../../server/json-answer.ts'

/** The chapters as WebVTT. */
export const GET: APIRoute = async ({ locals, params }) => {
  const shown = await locals.record.showMeeting(params.slug ?? '', 'public')
  return shown.ok ? textAnswer(writeWebVtt(chapterCues(shown.value)), 'text/vtt; charset=utf-8') : errorAnswer(shown)
}
