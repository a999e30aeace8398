import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { until } from '#tests/support/until.ts'

const cli = join(import.meta.dirname, '..', '..', '..', 'archive', 'cli', 'main.ts')
let folder = ''
let started: ChildProcess | null = null

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hemicycle-start-'))
})
afterEach(async () => {
  if (started && started.exitCode === null && started.signalCode === null) {
    const ended = once(started, 'exit')
    started.kill('SIGTERM')
    await ended
  }
  rmSync(folder, { recursive: true, force: true })
})

/** `start` with nothing in its environment but what is given. */
function start(settings: Readonly<Record<string, string>>, ...words: string[]) {
  const env = { PATH: process.env.PATH ?? '', HEMICYCLE_LOG_LEVEL: 'error', ...settings }
  const child = spawn(process.execPath, [cli, 'start', ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  started = child
  const said = { out: '', err: '' }
  child.stdout.on('data', (text) => (said.out += String(text)))
  child.stderr.on('data', (text) => (said.err += String(text)))
  return { child, said, line: () => until('a line', () => said.out.includes('\n') && said.out, 60_000) }
}

const free = () => ({
  HEMICYCLE_DATA: join(folder, 'data'),
  HEMICYCLE_HTTP: '127.0.0.1:0',
  HEMICYCLE_RTMP: '127.0.0.1:0',
})

async function accepts(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url.replace('rtmp:', 'http:'))
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  socket.destroy()
  return true
}

describe('start', () => {
  it('prints one line of JSON with both addresses when both accept, and SIGTERM ends it with 0', async () => {
    const { child, line, said } = start(free(), '--json')
    const ready = JSON.parse(await line()) as { site: string; ingest: string }
    expect(ready).toEqual({
      ready: true,
      site: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      ingest: expect.stringMatching(/^rtmp:\/\/127\.0\.0\.1:\d+\/live$/),
    })
    expect(await accepts(ready.ingest)).toBe(true)
    expect((await fetch(ready.site)).status).toBe(200)
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
    expect(said.out.trim().split('\n')).toHaveLength(1)
  })

  it('prints a line for people, and takes its settings from a file, the environment over it', async () => {
    const file = join(folder, 'settings')
    writeFileSync(file, 'HEMICYCLE_TOWN_NAME=Voorbeeldstad\nHEMICYCLE_HTTP=127.0.0.1:1\n')
    const { line } = start({ ...free(), HEMICYCLE_SETTINGS: file })
    const text = await line()
    expect(text).toMatch(/^ready: site http:\/\/127\.0\.0\.1:\d+, ingest rtmp:\/\/127\.0\.0\.1:\d+\/live\n$/)
    const site = /site (\S+),/.exec(text)?.[1] ?? ''
    expect(await (await fetch(site)).text()).toContain('Voorbeeldstad')
  })

  it('names every setting that cannot be used, and starts nothing', async () => {
    const { child, said } = start({ ...free(), HEMICYCLE_HTTP: '8080', HEMICYCLE_LADDER: '999p', HEMICYCLE_TYPO: '1' })
    expect(await once(child, 'exit')).toEqual([1, null])
    expect(said.out).toBe('')
    for (const name of ['HEMICYCLE_HTTP', 'HEMICYCLE_LADDER', 'HEMICYCLE_TYPO']) expect(said.err).toContain(name)
    expect(said.err).toMatch(/^SETTINGS_INVALID: /)
  })

  it('ends with what to do when a port is taken', async () => {
    const squatter = createServer().listen(0, '127.0.0.1')
    await once(squatter, 'listening')
    const { port } = squatter.address() as { port: number }
    try {
      const { child, said } = start({ ...free(), HEMICYCLE_RTMP: `127.0.0.1:${port}` })
      expect((await once(child, 'exit'))[0]).toBe(1)
      expect(said.err).toContain('HEMICYCLE_RTMP')
      expect(said.out).toBe('')
    } finally {
      squatter.close()
    }
  })
})
