import { readdirSync, readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join } from 'node:path'

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
}

/** Names under this folder carry a hash of their content. */
const hashedFolder = '/_astro/'

interface StaticFile {
  readonly contentType: string
  readonly bytes: Buffer
  readonly brotli: Buffer | null
  readonly gzip: Buffer | null
}

/**
 * Serves the built client files (about two megabytes) from memory, read once at start: no path can reach outside, and
 * an upgrade may replace the folder under a running process. The handler answers whether it took the request.
 */
export function staticFiles(folder: string): (request: IncomingMessage, response: ServerResponse) => boolean {
  const files = readFiles(folder)
  return (request, response) => {
    const path = (request.url ?? '').split('?', 1)[0] ?? ''
    const found = files.get(path)
    if (!found || (request.method !== 'GET' && request.method !== 'HEAD')) return false
    const { bytes, encoding } = chosenEncoding(found, String(request.headers['accept-encoding'] ?? ''))
    response.writeHead(200, {
      'content-type': found.contentType,
      'content-length': bytes.length,
      'cache-control': path.startsWith(hashedFolder) ? 'public, max-age=31536000, immutable' : 'public, max-age=3600',
      'x-content-type-options': 'nosniff',
      vary: 'accept-encoding',
      ...(encoding ? { 'content-encoding': encoding } : {}),
    })
    response.end(request.method === 'HEAD' ? undefined : bytes)
    return true
  }
}

function readFiles(folder: string): Map<string, StaticFile> {
  const names = new Set(readdirSync(folder, { recursive: true, encoding: 'utf8' }))
  const read = (name: string) => (names.has(name) ? readFileSync(join(folder, name)) : null)
  const files = new Map<string, StaticFile>()
  for (const name of names) {
    const contentType = contentTypes[extname(name)]
    const bytes = contentType ? read(name) : null
    if (!contentType || !bytes) continue
    files.set(`/${name.replaceAll('\\', '/')}`, {
      contentType,
      bytes,
      brotli: read(`${name}.br`),
      gzip: read(`${name}.gz`),
    })
  }
  return files
}

function chosenEncoding(
  { bytes, brotli, gzip }: StaticFile,
  accepted: string,
): { bytes: Buffer; encoding: string | null } {
  if (brotli && /\bbr\b/.test(accepted)) return { bytes: brotli, encoding: 'br' }
  if (gzip && /\bgzip\b/.test(accepted)) return { bytes: gzip, encoding: 'gzip' }
  return { bytes, encoding: null }
}
