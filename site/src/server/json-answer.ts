import { errorCodes } from '#archive/core/error-codes.ts'
import { type ErrorReport, refuse } from '#archive/core/errors.ts'

/** How long caches may keep an answer that a press of the clerk changes. */
const volatile = 'public, max-age=0, must-revalidate, s-maxage=1, stale-while-revalidate=5'

/** A public answer for scripts: any origin may read it. */
export function jsonAnswer(value: unknown, cacheControl: string = volatile): Response {
  return Response.json(value, { headers: { 'cache-control': cacheControl, 'access-control-allow-origin': '*' } })
}

export function textAnswer(text: string, contentType: string): Response {
  return new Response(text, {
    headers: {
      'content-type': contentType,
      'cache-control': 'public, max-age=60',
      'access-control-allow-origin': '*',
    },
  })
}

/** An error as `{code, message, hint}`; the status follows from the code. */
export function errorAnswer({ code, message, hint }: ErrorReport): Response {
  return Response.json(
    { code, message, hint },
    { status: statusOf(code), headers: { 'cache-control': 'no-store', 'access-control-allow-origin': '*' } },
  )
}

export function notFoundAnswer(what: string): Response {
  return errorAnswer(refuse('NOT_FOUND', { message: `There is no ${what}.` }))
}

function statusOf(code: ErrorReport['code']): number {
  if (code === 'NOT_FOUND' || code === 'MEETING_NOT_FOUND') return 404
  if (code === 'INTERNAL') return 500
  return errorCodes[code].retryable ? 503 : 400
}
