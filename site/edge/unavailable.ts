import type { IncomingMessage, ServerResponse } from 'node:http'
import { errorCodes } from '#archive/core/error-codes.ts'

const retryAfterS = 5

/** In the four languages at once: without the site nobody knows which one the reader wants. */
const sentences = [
  ['nl', 'Zo terug', 'Deze pagina is even niet beschikbaar. Ze wordt vanzelf opnieuw geladen.'],
  ['fr', 'De retour dans un instant', 'Cette page est momentanément indisponible. Elle se rechargera d’elle-même.'],
  ['de', 'Gleich zurück', 'Diese Seite ist gerade nicht erreichbar. Sie wird von selbst neu geladen.'],
  ['en', 'Back in a moment', 'This page is briefly unavailable. It will reload by itself.'],
] as const

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="${retryAfterS}">
<title>Back in a moment</title>
<style>
:root { color-scheme: light dark; font: 1.125rem/1.5 system-ui, sans-serif }
body { max-width: 36rem; margin: 12vh auto; padding: 0 1.25rem }
h1, h2 { font-size: 1.25rem; margin: 2rem 0 0 }
p { margin: 0.25rem 0 0 }
</style>
</head>
<body>
<main>
${sentences.map(([lang, title, text], index) => `<section lang="${lang}"><h${index ? 2 : 1}>${title}</h${index ? 2 : 1}><p>${text}</p></section>`).join('\n')}
</main>
</body>
</html>
`

const { summary: message, hint } = errorCodes.SITE_UNREACHABLE
const json = `${JSON.stringify({ error: { code: 'SITE_UNREACHABLE', message, hint } })}\n`

/** 503 for a site that does not answer: JSON under /api, a plain page elsewhere. */
export function sendUnavailable(request: IncomingMessage, response: ServerResponse): void {
  const isApi = request.url?.startsWith('/api/') ?? false
  const body = Buffer.from(isApi ? json : page)
  response.writeHead(503, {
    'content-type': isApi ? 'application/json; charset=utf-8' : 'text/html; charset=utf-8',
    'content-length': String(body.length),
    'cache-control': 'no-store',
    'retry-after': String(retryAfterS),
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'strict-origin-when-cross-origin',
    connection: 'close',
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}
