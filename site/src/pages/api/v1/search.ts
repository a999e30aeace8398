import type { APIRoute } from 'astro'
import { cleanQuery } from '../../../model/highlight.ts'
import { jsonAnswer } from '../../../server/json-answer.ts'

const mostResults = 100

/** `{results: [{meeting, title, text, kind, startSeconds, url}]}`; `?limit=` up to 100. An empty question finds nothing. */
export const GET: APIRoute = async ({ locals, url }) => {
  const query = cleanQuery(url.searchParams.get('q'))
  if (query === '') return jsonAnswer({ results: [] })
  const asked = Number(url.searchParams.get('limit') ?? 20)
  const limit = Number.isInteger(asked) && asked > 0 ? Math.min(asked, mostResults) : 20
  return jsonAnswer(await locals.record.search(query, limit))
}
