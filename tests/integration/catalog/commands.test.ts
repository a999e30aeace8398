import { expect, test } from 'vitest'
import { mediaAccess, meetingSummaries } from '#archive/catalog/access.ts'
import { listAudit } from '#archive/catalog/audit.ts'
import { listJobs } from '#archive/catalog/jobs.ts'
import { marksOf } from '#archive/catalog/marks.ts'
import { meetingById } from '#archive/catalog/meetings.ts'
import { moveToMeeting } from '#archive/catalog/moves.ts'
import { saveRecording } from '#archive/catalog/recordings.ts'
import { closePublishSession, closeStalePublishSessions, openPublishSession } from '#archive/catalog/sessions.ts'
import { endSpan, saveSpan, spansOf } from '#archive/catalog/spans.ts'
import { type CommandId, newId, type RecordingId } from '#archive/core/ids.ts'
import type { MeetingAction } from '#archive/domain/command.ts'
import {
  commandOf,
  openForTest,
  planMeeting,
  plannedMs,
  press,
  type SmallTown,
  smallTown,
  startAction,
} from './small-town.ts'

async function town(): Promise<SmallTown> {
  return await smallTown(await openForTest())
}

async function stateOf({ catalog, meeting }: SmallTown) {
  return (await catalog.read((db) => meetingById(db, meeting)))?.state
}

async function jobKinds({ catalog }: SmallTown) {
  return (await catalog.read((db) => listJobs(db, ['waiting']))).map(({ kind }) => kind).sort()
}

test('an evening of a council: start, item, pause, resume, end; the replay is public in the same transaction', async () => {
  const t = await town()
  const [first] = t.items
  const recording = newId<'recording'>()
  const actions: MeetingAction[] = [
    { kind: 'wait' },
    startAction(recording),
    { kind: 'item', mark: newId(), item: first?.id ?? newId(), markedAtMs: plannedMs },
    { kind: 'pause', resumesAtMs: plannedMs + 900_000 },
    { kind: 'resume' },
    { kind: 'end' },
  ]
  const states = []
  for (const action of actions) {
    const outcome = await press(t.catalog, commandOf(t.meeting, action))
    states.push(outcome.ok && outcome.value)
  }
  expect(states).toEqual([
    { state: 'waiting', revision: 2 },
    { state: 'live', revision: 3 },
    { state: 'live', revision: 4 },
    { state: 'paused', revision: 5 },
    { state: 'live', revision: 6 },
    { state: 'published', revision: 7 },
  ])
  expect(await t.catalog.read(mediaAccess)).toEqual([
    { recording, meeting: t.meeting, slug: t.slug, state: 'published', access: 'public', publishedAtMs: plannedMs },
  ])
  expect(await jobKinds(t)).toEqual(['finalise-recording', 'index-meeting', 'transcribe-recording'])
})

test('a command brought twice, by operations and by live, is applied once and answered alike', async () => {
  const t = await town()
  const command = commandOf(t.meeting, startAction())
  const first = await press(t.catalog, command, 'operations')
  const again = await press(t.catalog, command, 'live')
  expect(again).toEqual(first)
  expect((await t.catalog.read((db) => listAudit(db))).map(({ action }) => action)).toEqual(['start'])
})

test('a refusal stays a refusal when the same command is brought after the state has changed', async () => {
  const t = await town()
  const early = commandOf(t.meeting, { kind: 'resume' })
  expect(await press(t.catalog, early)).toMatchObject({ ok: false, code: 'MEETING_NOT_STARTED' })
  await press(t.catalog, commandOf(t.meeting, startAction()))
  await press(t.catalog, commandOf(t.meeting, { kind: 'closed' }))
  expect(await press(t.catalog, early, 'live')).toMatchObject({ ok: false, code: 'MEETING_NOT_STARTED' })
  expect(await stateOf(t)).toBe('closed')
})

test('a second meeting in the room is refused while the first is open, and takes over from one that only waits', async () => {
  const t = await town()
  const other = await t.catalog.write((db) => planMeeting(db, { body: t.press, slug: '2026-11-23-pers' }))
  await press(t.catalog, commandOf(t.meeting, { kind: 'wait' }))
  expect(await press(t.catalog, commandOf(other.id, startAction()))).toMatchObject({
    ok: true,
    value: { state: 'live' },
  })
  expect(await stateOf(t)).toBe('scheduled')
  const refused = await press(t.catalog, commandOf(t.meeting, startAction()))
  expect(refused).toMatchObject({
    ok: false,
    code: 'ROOM_BUSY',
    hint: 'End it first: hemicycle meeting end 2026-11-23-pers',
  })
})

test('a press conference is private after its end until it is published, and again when unpublished', async () => {
  const t = await town()
  const { id } = await t.catalog.write((db) => planMeeting(db, { body: t.press, slug: 'pers' }))
  const accesses: unknown[] = []
  for (const action of [
    startAction(),
    { kind: 'end' },
    { kind: 'publish' },
    { kind: 'unpublish' },
  ] as MeetingAction[]) {
    await press(t.catalog, commandOf(id, action))
    accesses.push((await t.catalog.read(mediaAccess)).map(({ state, access }) => `${state} ${access}`))
  }
  expect(accesses).toEqual([['live public'], ['ended private'], ['published public'], ['ended private']])
})

test('started by mistake: the recording is withdrawn, its marks undone, its deletion in the queue, a new start a new one', async () => {
  const t = await town()
  const [mistaken, next] = [newId<'recording'>(), newId<'recording'>()]
  await press(t.catalog, commandOf(t.meeting, startAction(mistaken)))
  await press(
    t.catalog,
    commandOf(t.meeting, { kind: 'item', mark: newId(), item: t.items[1]?.id ?? newId(), markedAtMs: plannedMs }),
  )
  await press(t.catalog, commandOf(t.meeting, { kind: 'started-by-mistake' }))
  expect(await stateOf(t)).toBe('waiting')
  expect((await t.catalog.read((db) => marksOf(db, t.meeting))).map(({ kind }) => kind).sort()).toEqual([
    'item',
    'undo',
  ])
  expect(await jobKinds(t)).toEqual(['delete-recording', 'index-meeting'])
  await press(t.catalog, commandOf(t.meeting, startAction(next)))
  const access = await t.catalog.read(mediaAccess)
  expect(Object.fromEntries(access.map((entry) => [entry.recording, entry.access]))).toEqual({
    [mistaken]: 'withdrawn',
    [next]: 'public',
  })
  expect((await t.catalog.read((db) => meetingById(db, t.meeting)))?.currentItem).toBeNull()
})

test('adjourned: the room is free, the page and its date stay, and the next start goes on with the same recording', async () => {
  const t = await town()
  const recording = newId<'recording'>()
  const other = await t.catalog.write((db) => planMeeting(db, { body: t.press, slug: 'pers' }))
  await press(t.catalog, commandOf(t.meeting, startAction(recording)))
  await press(t.catalog, commandOf(t.meeting, { kind: 'adjourn', toLocal: '2026-11-30T19:00' }))
  const adjourned = await t.catalog.read((db) => meetingById(db, t.meeting))
  expect(adjourned).toMatchObject({
    state: 'scheduled',
    slug: '2026-11-23-gemeenteraad',
    localDate: '2026-11-23',
    planned: { local: '2026-11-30T19:00:00', startMs: Date.UTC(2026, 10, 30, 18) },
    recording,
  })
  expect(await press(t.catalog, commandOf(other.id, startAction()))).toMatchObject({ ok: true })
  await press(t.catalog, commandOf(other.id, { kind: 'end' }))
  await press(t.catalog, commandOf(t.meeting, startAction()))
  expect(await t.catalog.read((db) => meetingById(db, t.meeting))).toMatchObject({ state: 'live', recording })
})

test('reopened: live again on the same recording', async () => {
  const t = await town()
  const recording = newId<'recording'>()
  for (const action of [startAction(recording), { kind: 'end' }, { kind: 'reopen' }] as MeetingAction[]) {
    await press(t.catalog, commandOf(t.meeting, action))
  }
  expect(await t.catalog.read((db) => meetingById(db, t.meeting))).toMatchObject({
    state: 'live',
    recording,
    endedAtMs: null,
    publishedAtMs: null,
  })
})

test('what was recorded under the wrong meeting moves to the right one', async () => {
  const t = await town()
  const recording = newId<'recording'>()
  const right = await t.catalog.write((db) => planMeeting(db, { body: t.council, slug: 'ocmw' }))
  await press(t.catalog, commandOf(t.meeting, startAction(recording)))
  await press(t.catalog, commandOf(t.meeting, { kind: 'end' }))
  const outcome = await t.catalog.write(async (db) => {
    const [from, to] = [await meetingById(db, t.meeting), await meetingById(db, right.id)]
    return from && to && (await moveToMeeting(db, { from, to, by: 'cli', atMs: plannedMs }))
  })
  expect(outcome).toEqual({ ok: true, value: { slug: 'ocmw' } })
  expect(await stateOf(t)).toBe('scheduled')
  expect(await t.catalog.read(mediaAccess)).toEqual([
    { recording, meeting: right.id, slug: 'ocmw', state: 'published', access: 'public', publishedAtMs: plannedMs },
  ])
})

test('an item of another meeting cannot be marked, an unknown mark not undone', async () => {
  const t = await town()
  await press(t.catalog, commandOf(t.meeting, startAction()))
  const strange = commandOf(t.meeting, { kind: 'item', mark: newId(), item: newId(), markedAtMs: plannedMs })
  expect(await press(t.catalog, strange)).toMatchObject({ ok: false, code: 'ITEM_UNKNOWN' })
  const undo = commandOf(t.meeting, { kind: 'undo', mark: newId() })
  expect(await press(t.catalog, undo)).toMatchObject({ ok: false, code: 'MARK_UNKNOWN' })
})

test('a live meeting is interrupted while no encoder is connected in its room, and each change raises its revision', async () => {
  const t = await town()
  await press(t.catalog, commandOf(t.meeting, startAction()))
  const seen = async () =>
    (await t.catalog.read(meetingSummaries)).map(({ interrupted, revision }) => ({ interrupted, revision }))
  expect(await seen()).toEqual([{ interrupted: true, revision: 2 }])
  const session = { room: t.room, key: null, meeting: t.meeting, address: null, encoder: null, atMs: plannedMs }
  const id = await t.catalog.write((db) => openPublishSession(db, session))
  expect(await seen()).toEqual([{ interrupted: false, revision: 3 }])
  await t.catalog.write((db) => closePublishSession(db, { id, cause: 'disconnected', atMs: plannedMs + 1 }))
  expect(await seen()).toEqual([{ interrupted: true, revision: 4 }])
  await t.catalog.write((db) => openPublishSession(db, session))
  await t.catalog.write((db) => closeStalePublishSessions(db, plannedMs + 2))
  expect(await seen()).toEqual([{ interrupted: true, revision: 6 }])
})

test('spans are saved once and keep whole milliseconds', async () => {
  const t = await town()
  const recording = newId<'recording'>()
  await press(t.catalog, commandOf(t.meeting, startAction(recording)))
  const id = newId<'span'>()
  const span = { id, recording, index: 0, wallMs: plannedMs + 0.4, mediaStartMs: 0, master: 'source' as const }
  await t.catalog.write(async (db) => {
    await saveRecording(db, { id: recording, meeting: t.meeting, atMs: plannedMs })
    await saveSpan(db, span)
    await saveSpan(db, { ...span, wallMs: 5 })
    await endSpan(db, { id, durationMs: 61_000.6, cause: 'gate-shut' })
  })
  expect(await t.catalog.read((db) => spansOf(db, recording))).toEqual([
    { span: id, wallMs: plannedMs, mediaStartMs: 0, durationMs: 61_001 },
  ])
})

test('a command for a meeting that does not exist is refused', async () => {
  const t = await town()
  const command = { ...commandOf(newId(), startAction()), id: newId() as CommandId }
  expect(await press(t.catalog, command)).toMatchObject({ ok: false, code: 'MEETING_NOT_FOUND' })
  const recording: RecordingId[] = (await t.catalog.read(mediaAccess)).map((entry) => entry.recording)
  expect(recording).toEqual([])
})
