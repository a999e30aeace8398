import { defineMiddleware } from 'astro:middleware'
import { splitPath } from './model/locale.ts'

/** Headers of every answer; the content security policy comes from Astro, which knows the hashes. */
const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), browsing-topics=()',
  'cross-origin-opener-policy': 'same-origin',
} as const

/** Takes the language off the address: the same pages answer `/meetings/x` and `/fr/meetings/x`. */
export const onRequest = defineMiddleware(async (context, next) => {
  const { language, path } = splitPath(context.url.pathname)
  const { town } = context.locals
  context.locals.language ??= language ?? town.language
  context.locals.path ??= path
  // One address per page: the town's own language has no prefix.
  if (language === town.language) return context.redirect(`${path}${context.url.search}`, 301)
  const response = await (language === null ? next() : next(`${path}${context.url.search}`))
  if (response.headers.get('content-type') === 'text/html')
    response.headers.set('content-type', 'text/html; charset=utf-8')
  for (const [name, value] of Object.entries(securityHeaders)) response.headers.set(name, value)
  return response
})
