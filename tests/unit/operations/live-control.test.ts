import { expect, test } from 'vitest'
import { newId, type RoomId } from '#archive/core/ids.ts'
import type { Command } from '#archive/domain/command.ts'
import { createLiveControl, type RoomStatus } from '#archive/operations/live-control.ts'
import { listenAsLive } from './control-server.ts'

const command: Command = { id: newId(), meeting: newId(), atMs: 1, by: 'cli', action: { kind: 'closed' } }

test('a command is confirmed with the state that it led to', async () => {
  const server = await listenAsLive(() => ({ ok: true, state: 'closed' }))
  const outcome = await createLiveControl(server.path).command(command)
  expect(outcome).toEqual({ ok: true, value: { state: 'closed' } })
  expect(server.requests).toEqual([{ id: '1', type: 'command', command }])
})

test('a refusal of live comes through with code, message and hint', async () => {
  const refusal = { ok: false, code: 'MEETING_NOT_FOUND', message: 'No.', hint: 'Look.' }
  const server = await listenAsLive(() => refusal)
  expect(await createLiveControl(server.path).command(command)).toEqual(refusal)
})

test('a code that this version does not know becomes INTERNAL', async () => {
  const server = await listenAsLive(() => ({ ok: false, code: 'FROM_THE_FUTURE', message: 'No.', hint: 'Look.' }))
  expect(await createLiveControl(server.path).command(command)).toMatchObject({ ok: false, code: 'INTERNAL' })
})

test('the status of every room is handed on', async () => {
  const rooms: RoomStatus[] = [{ room: 'r' as RoomId, slug: 'raadzaal', meeting: null, state: null, feed: null }]
  const server = await listenAsLive(() => ({ ok: true, rooms }))
  expect(await createLiveControl(server.path).status()).toEqual({ ok: true, value: rooms })
})

test('revoked keys and changed directories are told', async () => {
  const server = await listenAsLive(() => ({ ok: true }))
  const live = createLiveControl(server.path)
  const key = newId<'key'>()
  expect([await live.keyRevoked(key), await live.directoryChanged()]).toEqual([
    { ok: true, value: null },
    { ok: true, value: null },
  ])
  expect(server.requests).toEqual([
    { id: '1', type: 'key-revoked', key },
    { id: '1', type: 'directory-changed' },
  ])
})

test.each([
  ['nobody listens', async () => '/nonexistent/live.sock'],
  ['it never answers', async () => (await listenAsLive(() => null)).path],
  ['it hangs up', async () => (await listenAsLive(() => '')).path],
  ['its answer is not JSON', async () => (await listenAsLive(() => 'hello\n')).path],
  ['its answer names no state', async () => (await listenAsLive(() => ({ ok: true }))).path],
])('LIVE_UNREACHABLE where %s', async (_what, path) => {
  const outcome = await createLiveControl(await path(), 200).command(command)
  expect(outcome).toMatchObject({ ok: false, code: 'LIVE_UNREACHABLE' })
})
