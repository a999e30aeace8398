import type { APIRoute } from 'astro'
import { notFoundAnswer } from '../../server/json-answer.ts'

/** Whatever else is asked of the API: an error that scripts can read, not a page. */
export const ALL: APIRoute = ({ url }) => notFoundAnswer(`resource ${url.pathname}`)
