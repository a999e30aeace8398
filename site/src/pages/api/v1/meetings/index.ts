import type { APIRoute } from 'astro'
import { jsonAnswer } from '../../../../server/json-answer.ts'

/** `{meetings: [...]}`: every public meeting, without agenda and chapters. */
export const GET: APIRoute = async ({ locals }) => {
  return jsonAnswer({ meetings: await locals.record.listMeetings({ audience: 'public' }) })
}
