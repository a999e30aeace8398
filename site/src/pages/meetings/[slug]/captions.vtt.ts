import type { APIRoute } from 'astro'
import { writeWebVtt } from '#archive/captions/webvtt.ts'
import { errorAnswer, textAnswer } from '../../../server/json-answer.ts'
import { transcriptChoice } from '../../../server/transcript-choice.ts'

/** The transcript as WebVTT; `?language=` asks for one. */
export const GET: APIRoute = async ({ locals, params, url }) => {
  const shown = await locals.record.showTranscript(params.slug ?? '', transcriptChoice(url))
  if (!shown.ok) return errorAnswer(shown)
  const cues = shown.value.cues.map(({ startSeconds, endSeconds, text }) => ({
    startMs: Math.round(startSeconds * 1000),
    endMs: Math.round(endSeconds * 1000),
    text,
  }))
  return textAnswer(writeWebVtt(cues), 'text/vtt; charset=utf-8')
}
