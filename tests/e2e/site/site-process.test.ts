import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { socketPath } from '#archive/core/socket-path.ts'
import { buildSite } from '../../support/site-stand.ts'

const entry = join(import.meta.dirname, '..', '..', '..', 'site', 'main.ts')
let dataDir: string

beforeAll(async () => {
  await buildSite()
  dataDir = mkdtempSync(join(tmpdir(), 'hemicycle-site-process-'))
})

afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

async function startProcess(): Promise<ChildProcess> {
  const child = fork(entry, [], { env: { ...process.env, HEMICYCLE_DATA: dataDir, HEMICYCLE_LOG_LEVEL: 'error' } })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  child.once('message', resolve)
  child.once('exit', (code) => reject(new Error(`the site ended with ${code}`)))
  expect(await promise).toEqual({ type: 'ready' })
  return child
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)))
}

function getPage(path: string, headers: Record<string, string> = {}): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath: socketPath(dataDir, 'site'), path, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
    sent.once('error', reject)
    sent.end()
  })
}

test('the site answers on its socket, also after it was killed', async () => {
  const first = await startProcess()
  expect((await getPage('/')).status).toBe(200)
  const gone = ended(first)
  first.kill('SIGKILL')
  await gone
  await startProcess()
  expect((await getPage('/api/v1/meetings')).text).toBe('{"meetings":[]}')
})

test("links carry the public's address, as the edge names it", async () => {
  await startProcess()
  const { text } = await getPage('/', { 'x-forwarded-host': 'vergaderingen.example', 'x-forwarded-proto': 'https' })
  expect(text).toContain('<link rel="canonical" href="https://vergaderingen.example/">')
})

test('it ends cleanly when it is told to, and when its parent is gone', async () => {
  const told = await startProcess()
  const toldEnd = ended(told)
  told.kill('SIGTERM')
  expect(await toldEnd).toBe(0)
  const orphan = await startProcess()
  const orphanEnd = ended(orphan)
  orphan.disconnect()
  expect(await orphanEnd).toBe(0)
})
