import { expect, test } from 'vitest'
import { createDraftMeeting } from '#archive/catalog/drafts.ts'
import { roomDirectory } from '#archive/catalog/room-directory.ts'
import { openPublishSession } from '#archive/catalog/sessions.ts'
import { endSpan, saveSpan } from '#archive/catalog/spans.ts'
import { newId } from '#archive/core/ids.ts'
import { type Desk, done, eveningMs, openDesk, planEvening } from './desk.ts'

/** What *live* writes when the encoder is connected from `atMs` on. */
async function connect({ catalog, operations }: Desk, slug: string, atMs: number) {
  const view = done(await operations.showMeeting(slug))
  const span = newId<'span'>()
  await catalog.write(async (db) => {
    const { rooms } = await roomDirectory(db, atMs)
    const room = rooms[0]?.id ?? newId()
    await openPublishSession(db, { room, key: null, meeting: view.id, address: null, encoder: null, atMs })
    if (!view.recording) throw new Error('nothing is recorded')
    await saveSpan(db, {
      id: span,
      recording: view.recording,
      index: 0,
      wallMs: atMs,
      mediaStartMs: 0,
      master: 'source',
    })
  })
  return (durationMs: number) => catalog.write((db) => endSpan(db, { id: span, durationMs, cause: 'meeting-ended' }))
}

test('an evening: what the API shows before, during and after', async () => {
  const desk = await openDesk()
  const { operations, clock } = desk
  const { slug, agenda } = await planEvening(desk)
  expect(done(await operations.showMeeting(slug))).toMatchObject({
    ...{ slug, title: 'Gemeenteraad', body: 'gemeenteraad', bodyName: 'Gemeenteraad', kind: 'meeting' },
    ...{ state: 'scheduled', interrupted: false, plannedAt: '2026-11-23T19:30:00+01:00', localDate: '2026-11-23' },
    ...{ timeZone: 'Europe/Brussels', live: null, replay: null, chapters: [], durationSeconds: null, transcripts: [] },
  })
  expect(done(await operations.command(slug, 'start'))).toEqual({
    slug,
    state: 'live',
    live: 'confirmed',
    catalogued: true,
  })
  expect(done(await operations.showMeeting(slug))).toMatchObject({ state: 'live', interrupted: true })
  const end = await connect(desk, slug, eveningMs + 1_000)
  clock.nowMs = eveningMs + 61_000
  done(await operations.item(slug, '1'))
  clock.nowMs = eveningMs + 181_000
  done(await operations.item(slug, '2', 60))
  expect(done(await operations.showMeeting(slug))).toMatchObject({
    ...{ state: 'live', interrupted: false, currentItemId: agenda[1]?.id, durationSeconds: null },
    live: { hls: `/live/${slug}/index.m3u8` },
    chapters: [
      { number: '1', startSeconds: 60, endSeconds: 120, startedAt: '2026-11-23T18:31:01.000Z' },
      { number: '2', startSeconds: 120, endSeconds: null },
    ],
  })
  clock.nowMs = eveningMs + 301_000
  expect(done(await operations.command(slug, 'end'))).toMatchObject({ state: 'published' })
  await end(300_000)
  const after = done(await operations.showMeeting(slug))
  expect(after).toMatchObject({
    ...{
      state: 'published',
      live: null,
      replay: { hls: `/media/${after.recording}/index.m3u8` },
      durationSeconds: 300,
    },
    chapters: [{ endSeconds: 120 }, { itemId: agenda[1]?.id, title: 'Mobiliteitsplan', endSeconds: 300 }],
  })
})

test('the same command reaches live and the catalogue', async () => {
  const desk = await openDesk()
  const { slug } = await planEvening(desk)
  done(await desk.operations.command(slug, 'start'))
  const [sent] = desk.requests.filter((request) => request.type === 'command')
  const kept = await desk.catalog.read((db) => db.sql.selectFrom('command').select(['id', 'source']).execute())
  expect(kept).toEqual([{ id: sent?.command.id, source: 'operations' }])
  expect(sent?.command).toMatchObject({ atMs: eveningMs, by: 'cli', action: { kind: 'start' } })
})

test('with live away a closed session is in the catalogue and said not to be confirmed', async () => {
  const desk = await openDesk({ live: null })
  const { slug } = await planEvening(desk)
  done(await desk.operations.command(slug, 'start'))
  expect(done(await desk.operations.command(slug, 'closed'))).toEqual({
    ...{ slug, state: 'closed', live: 'unreachable', catalogued: true },
  })
})

test('when live refuses to close, the press is refused and not reported as done', async () => {
  const desk = await openDesk({
    live: (request) =>
      request.type === 'command' && request.command.action.kind === 'closed'
        ? { ok: false, code: 'STATE_NOT_KEPT', message: 'The state file cannot be written.', hint: 'Free some disk.' }
        : { ok: true, state: 'live' },
  })
  const { slug } = await planEvening(desk)
  done(await desk.operations.command(slug, 'start'))
  expect(await desk.operations.command(slug, 'closed')).toMatchObject({ ok: false, code: 'STATE_NOT_KEPT' })
})

test('with the catalogue out of order live still closes, and the answer says that it is not written down', async () => {
  const desk = await openDesk({ live: () => ({ ok: true, state: 'closed' }) })
  const { slug } = await planEvening(desk)
  await desk.catalog.write((db) => db.sql.schema.alterTable('command').renameTo('command_away').execute())
  expect(done(await desk.operations.command(slug, 'closed'))).toEqual({
    ...{ slug, state: 'closed', live: 'confirmed', catalogued: false },
  })
})

test('a meeting that live does not know yet is asked for again until it does', async () => {
  let commands = 0
  const desk = await openDesk({
    live: (request) => {
      if (request.type !== 'command') return { ok: true }
      commands += 1
      return commands < 3
        ? { ok: false, code: 'MEETING_NOT_FOUND', message: '', hint: '' }
        : { ok: true, state: 'live' }
    },
  })
  const { slug } = await planEvening(desk)
  expect(done(await desk.operations.command(slug, 'start')).live).toBe('confirmed')
  expect(commands).toBe(3)
})

test('publishing does not wait for live', async () => {
  const desk = await openDesk()
  const { slug } = await planEvening(desk)
  for (const action of ['start', 'end', 'unpublish'] as const) done(await desk.operations.command(slug, action))
  const commands = desk.requests.filter(({ type }) => type === 'command').length
  expect(done(await desk.operations.command(slug, 'publish'))).toMatchObject({ state: 'published', live: 'not-needed' })
  expect(desk.requests.filter(({ type }) => type === 'command').length).toBe(commands)
})

test('a second meeting in the room is refused with the command that helps', async () => {
  const desk = await openDesk()
  const { slug } = await planEvening(desk)
  const other = done(await desk.operations.addMeeting({ body: 'gemeenteraad', title: 'OCMW', at: '2026-11-23T21:00' }))
  done(await desk.operations.command(slug, 'start'))
  expect(await desk.operations.command(other.slug, 'start')).toMatchObject({
    ...{ ok: false, code: 'ROOM_BUSY', hint: `End it first: hemicycle meeting end ${slug}` },
  })
  done(await desk.operations.command(slug, 'end'))
  expect(done(await desk.operations.command(other.slug, 'start')).state).toBe('live')
})

test('a meeting without a room cannot be started', async () => {
  const { operations } = await openDesk()
  done(await operations.addBody({ name: 'Raad' }))
  const { slug } = done(await operations.addMeeting({ body: 'raad', title: 'Raad', at: '2026-11-23T19:30' }))
  expect(await operations.command(slug, 'start')).toMatchObject({ ok: false, code: 'ROOM_MISSING' })
})

test('a meeting that begins behind closed doors is opened by resume', async () => {
  const desk = await openDesk()
  const { slug } = await planEvening(desk)
  expect(done(await desk.operations.command(slug, 'closed')).state).toBe('closed')
  expect(done(await desk.operations.command(slug, 'resume')).state).toBe('live')
})

test('items treated together, undone, unknown', async () => {
  const desk = await openDesk()
  const { slug, agenda } = await planEvening(desk)
  const { operations, clock } = desk
  done(await operations.command(slug, 'start'))
  await connect(desk, slug, eveningMs)
  clock.nowMs = eveningMs + 10_000
  done(await operations.item(slug, '1'))
  clock.nowMs = eveningMs + 20_000
  done(await operations.item(slug, '2, 3.'))
  const numbers = async () =>
    done(await operations.showMeeting(slug)).chapters.map((c) => `${c.number}@${c.startSeconds}`)
  expect(await numbers()).toEqual(['1@10', '2@20', '3@20'])
  done(await operations.undo(slug))
  done(await operations.undo(slug))
  expect(await numbers()).toEqual(['1@10'])
  expect(done(await operations.showMeeting(slug)).currentItemId).toBe(agenda[0]?.id)
  expect(await operations.item(slug, '9')).toMatchObject({ ok: false, code: 'ITEM_UNKNOWN' })
  done(await operations.undo(slug))
  expect(await operations.undo(slug)).toMatchObject({ ok: false, code: 'MARK_UNKNOWN' })
})

test('a pause says when it is expected to end, and resuming forgets it', async () => {
  const desk = await openDesk()
  const { slug } = await planEvening(desk)
  done(await desk.operations.command(slug, 'start'))
  done(await desk.operations.pause(slug, '2026-11-23T19:45'))
  done(await desk.operations.item(slug, '1'))
  expect(done(await desk.operations.showMeeting(slug)).resumesAt).toBe('2026-11-23T18:45:00.000Z')
  expect(await desk.operations.pause(slug, 'straks')).toMatchObject({ ok: false, code: 'TIME_INVALID' })
  done(await desk.operations.command(slug, 'resume'))
  expect(done(await desk.operations.showMeeting(slug)).resumesAt).toBeNull()
})

test('adjourning to a date keeps the page; moving hands the recording over', async () => {
  const desk = await openDesk()
  const { slug } = await planEvening(desk)
  const { operations } = desk
  done(await operations.command(slug, 'start'))
  expect(done(await operations.adjourn(slug, '2026-11-30T19:00'))).toMatchObject({ state: 'scheduled' })
  expect(done(await operations.showMeeting(slug))).toMatchObject({
    ...{ plannedAt: '2026-11-30T19:00:00+01:00', localDate: '2026-11-23', slug },
  })
  expect(await operations.adjourn(slug, 'ooit')).toMatchObject({ ok: false, code: 'TIME_INVALID' })
  const right = done(await operations.addMeeting({ body: 'gemeenteraad', title: 'OCMW', at: '2026-11-30T21:00' }))
  done(await operations.command(slug, 'start'))
  done(await operations.command(slug, 'end'))
  const { recording } = done(await operations.showMeeting(slug))
  done(await operations.moveToMeeting(slug, right.slug))
  expect(done(await operations.showMeeting(right.slug))).toMatchObject({ state: 'published', recording })
  expect(done(await operations.showMeeting(slug))).toMatchObject({ state: 'scheduled', recording: null })
})

test('a draft is there for the operator and for nobody else, until it is published', async () => {
  const { operations, catalog } = await openDesk()
  done(await operations.addRoom({ name: 'Perszaal', keepUnplanned: true }))
  done(await operations.addBody({ name: 'Gemeenteraad', room: 'perszaal' }))
  const draft = await catalog.write(async (db) => {
    const { rooms } = await roomDirectory(db, eveningMs)
    return await createDraftMeeting(db, rooms[0]?.id ?? newId(), { atMs: eveningMs, timeZone: 'Europe/Brussels' })
  })
  const slug = draft?.slug ?? ''
  expect(slug).toMatch(/^2026-11-23-[0-9a-z]{8}$/)
  expect(draft).toMatchObject({ state: 'waiting', unlisted: true, autoStart: true, title: 'Perszaal 2026-11-23 19:30' })
  done(await operations.command(slug, 'start'))
  expect(await operations.showMeeting(slug)).toMatchObject({ ok: false, code: 'MEETING_NOT_FOUND' })
  expect(done(await operations.showMeeting(slug, 'operator'))).toMatchObject({ state: 'live', live: null })
  expect(await operations.listMeetings()).toEqual([])
  expect(done(await operations.command(slug, 'end')).state).toBe('ended')
  done(await operations.command(slug, 'publish'))
  expect((await operations.listMeetings()).map((meeting) => meeting.slug)).toEqual([slug])
})

test('a slug that nobody has is refused', async () => {
  const { operations } = await openDesk()
  expect(await operations.command('geen', 'start')).toMatchObject({ ok: false, code: 'MEETING_NOT_FOUND' })
  expect(await operations.showMeeting('geen')).toMatchObject({ ok: false, code: 'MEETING_NOT_FOUND' })
})
