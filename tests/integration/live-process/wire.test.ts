import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newId } from '#archive/core/ids.ts'
import { createLog } from '#archive/core/log.ts'
import { FrameReader, type LiveFrame, type LiveMessage } from '#archive/hls/live-message.ts'
import { createLiveControl } from '#archive/operations/live-control.ts'
import { until } from '#tests/support/until.ts'
import { createControlServer } from '../../../ingest/wire/control-server.ts'
import { createFeedServer } from '../../../ingest/wire/feed-server.ts'

const log = createLog('test', 'error')
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wire-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function gap(n: number): LiveMessage {
  return { type: 'journal', recording, event: { type: 'gap', span, rendition: 'source', n, durationMs: 1 } }
}
const recording = newId<'recording'>()
const span = newId<'span'>()

function numbers(frames: readonly LiveFrame[]): (number | string)[] {
  return frames.map(({ message }) =>
    message.type === 'journal' && message.event.type === 'gap' ? message.event.n : message.type,
  )
}

describe('the feed socket', () => {
  it('tells a newcomer what is known first, then what is said meanwhile, then what follows', async () => {
    const path = join(folder, 'feed.sock')
    const { promise: mayGoOn, resolve: goOn } = Promise.withResolvers<void>()
    async function* backlog(): AsyncIterable<LiveFrame> {
      yield { message: gap(1), payload: new Uint8Array() }
      await mayGoOn
      yield { message: gap(2), payload: new Uint8Array() }
    }
    const server = await createFeedServer(path, { backlog, log })
    const reader = new FrameReader()
    const frames: LiveFrame[] = []
    const socket = connect(path)
    socket.on('data', (bytes) => frames.push(...reader.push(bytes)))
    await until('the backlog has begun', () => frames.length === 1)
    server.broadcast(gap(3))
    goOn()
    await until('the newcomer is up to date', () => frames.some(({ message }) => message.type === 'synced'))
    server.broadcast(gap(4))
    await until('the increment has arrived', () => frames.length === 5)
    expect(numbers(frames)).toEqual([1, 2, 'synced', 3, 4])
    socket.destroy()
    await server.close()
  })

  it('takes the place of a socket that a killed process left', async () => {
    const path = join(folder, 'feed.sock')
    writeFileSync(path, '')
    const server = await createFeedServer(path, { backlog: async function* () {}, log })
    const socket = connect(path)
    const connected = await until('the socket answers', () => socket.readyState === 'open')
    expect(connected).toBe(true)
    socket.destroy()
    await server.close()
  })
})

describe('the control socket', () => {
  it('answers a command of the client that the operations use', async () => {
    const path = join(folder, 'control.sock')
    const server = await createControlServer(path, { log, handle: async () => ({ ok: true, state: 'paused' }) })
    const command = {
      id: newId<'command'>(),
      meeting: newId<'meeting'>(),
      atMs: 1,
      by: 'cli',
      action: { kind: 'pause', resumesAtMs: null },
    } as const
    expect(await createLiveControl(path).command(command)).toEqual({ ok: true, value: { state: 'paused' } })
    await server.close()
  })

  it('answers what is not JSON, and what fails inside, with a coded error and goes on', async () => {
    const path = join(folder, 'control.sock')
    const server = await createControlServer(path, { log, handle: () => Promise.reject(new Error('inside')) })
    const socket = connect(path)
    let text = ''
    socket.on('data', (bytes) => (text += String(bytes)))
    socket.write('not json\n{"id":2,"type":"status"}\n')
    await until('both were answered', () => text.split('\n').length === 3)
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { id: null, ok: false, code: 'INTERNAL' },
      { id: 2, ok: false, code: 'INTERNAL' },
    ])
    socket.destroy()
    await server.close()
  })
})
