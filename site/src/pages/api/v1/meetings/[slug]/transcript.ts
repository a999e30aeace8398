import type { APIRoute } from 'astro'
import { errorAnswer, jsonAnswer } from '../../../../../server/json-answer.ts'
import { transcriptChoice } from '../../../../../server/transcript-choice.ts'

/** `{language, origin, reviewed, cues: [{startSeconds, endSeconds, text}]}`; `?language=` asks for one. */
export const GET: APIRoute = async ({ locals, params, url }) => {
  const shown = await locals.record.showTranscript(params.slug ?? '', transcriptChoice(url))
  return shown.ok ? jsonAnswer(shown.value) : errorAnswer(shown)
}
