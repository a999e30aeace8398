import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { socketPath } from '#archive/core/socket-path.ts'
import { dataFolder, startEdge } from '#tests/support/edge-process.ts'
import { until } from '#tests/support/until.ts'

async function withSite(handle: (request: IncomingMessage, response: ServerResponse) => void) {
  const dataDir = dataFolder()
  const site = createServer(handle)
  await new Promise<void>((done) => site.listen(socketPath(dataDir, 'site'), done))
  const close = () => {
    site.closeAllConnections()
    site.close()
  }
  onTestFinished(close)
  return { edge: await startEdge(dataDir, { HEMICYCLE_URL: 'https://raad.example' }), close }
}

test('a request goes to the site and back as it was, with who asked told by the edge alone', async () => {
  const { edge } = await withSite((asked, response) => {
    response.writeHead(
      201,
      [
        ['set-cookie', 'a=1'],
        ['set-cookie', 'b=2'],
        ['content-type', 'application/json'],
      ].flat(),
    )
    response.end(JSON.stringify({ url: asked.url, headers: asked.headers }))
  })
  const reply = await edge.get('/meetings/raad?t=12&x=%2F', {
    host: 'raad.example',
    'x-forwarded-for': '6.6.6.6',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-prefix': '/evil',
    forwarded: 'for=6.6.6.6',
    cookie: 'session=1',
    te: 'trailers',
  })
  expect(reply.status).toBe(201)
  expect(reply.headers['set-cookie']).toEqual(['a=1', 'b=2'])
  expect(reply.headers['x-content-type-options']).toBe('nosniff')
  expect(JSON.parse(reply.text)).toEqual({
    url: '/meetings/raad?t=12&x=%2F',
    headers: {
      host: 'raad.example',
      cookie: 'session=1',
      connection: 'keep-alive',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': 'raad.example',
      'x-forwarded-proto': 'https',
    },
  })
})

test('a large body streams through, and HEAD carries none', async () => {
  const { edge } = await withSite((asked, response) => {
    if (asked.method === 'HEAD') return response.writeHead(200, { 'content-length': '5' }).end()
    let sizeBytes = 0
    asked.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.length
    })
    return asked.on('end', () => response.end(String(sizeBytes)))
  })
  const upload = request({ host: '127.0.0.1', port: edge.port, path: '/upload', method: 'POST', agent: false })
  for (let mebibyte = 0; mebibyte < 20; mebibyte++) upload.write(Buffer.alloc(1 << 20))
  upload.end()
  const [response] = (await once(upload, 'response')) as [IncomingMessage]
  const [body] = (await once(response, 'data')) as [Buffer]
  expect(body.toString()).toBe(String(20 << 20))
  expect(await edge.get('/', {}, 'HEAD')).toMatchObject({ status: 200, text: '', headers: { 'content-length': '5' } })
})

test('a reader that leaves ends the request at the site, a site that breaks off ends the answer', async () => {
  let left = false
  const { edge } = await withSite((asked, response) => {
    response.write('the beginning')
    if (asked.url === '/broken') setImmediate(() => response.destroy())
    response.on('close', () => {
      left ||= asked.url === '/leave'
    })
  })
  const leaving = request({ host: '127.0.0.1', port: edge.port, path: '/leave', agent: false }).end()
  leaving.on('error', () => undefined)
  const [response] = (await once(leaving, 'response')) as [IncomingMessage]
  response.on('error', () => undefined)
  leaving.destroy()
  await until('the site has noticed', () => left)
  await expect(edge.get('/broken')).rejects.toThrow()
})

test('without the site there is a plain page in four languages, and JSON for the API', async () => {
  const { edge, close } = await withSite((_, response) => response.end('hello'))
  expect((await edge.get('/')).text).toBe('hello')
  expect(await edge.get('/health')).toMatchObject({ status: 200 })
  close()
  const page = await until('the site is gone', async () => {
    const answer = await edge.get('/meetings/raad')
    return answer.status === 503 ? answer : null
  })
  expect(page.headers).toMatchObject({ 'retry-after': '5', 'cache-control': 'no-store' })
  for (const language of ['nl', 'fr', 'de', 'en']) expect(page.text).toContain(`<section lang="${language}">`)
  expect(page.text).toContain('<meta http-equiv="refresh" content="5">')
  const api = await edge.get('/api/v1/meetings')
  expect([api.status, JSON.parse(api.text).error.code]).toEqual([503, 'SITE_UNREACHABLE'])
  expect(JSON.parse((await edge.get('/health')).text)).toEqual({
    status: 'degraded',
    live: 'down',
    site: 'down',
    catalogue: 'up',
  })
})

test('connections to the site are used again', async () => {
  const sockets = new Set<unknown>()
  const { edge } = await withSite((asked, response) => {
    sockets.add(asked.socket)
    response.end('hello')
  })
  for (let count = 0; count < 10; count++) expect((await edge.get('/')).text).toBe('hello')
  expect(sockets.size).toBe(1)
})
