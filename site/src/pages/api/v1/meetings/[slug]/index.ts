import type { APIRoute } from 'astro'
import { errorAnswer, jsonAnswer } from '../../../../../server/json-answer.ts'

/** The meeting as `MeetingView`. */
export const GET: APIRoute = async ({ locals, params }) => {
  const shown = await locals.record.showMeeting(params.slug ?? '', 'public')
  return shown.ok ? jsonAnswer(shown.value) : errorAnswer(shown)
}
