import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mediaAccess, meetingSummaries } from '#archive/catalog/access.ts'
import { openAlarm, openAlarms } from '#archive/catalog/alarms.ts'
import { listAudit } from '#archive/catalog/audit.ts'
import { listBodies } from '#archive/catalog/bodies.ts'
import type { Catalog } from '#archive/catalog/catalog.ts'
import { incidentsOf, openIncident } from '#archive/catalog/incidents.ts'
import { itemsOf } from '#archive/catalog/items.ts'
import { claim, listJobs } from '#archive/catalog/jobs.ts'
import { addKey, listKeys, revokeKey } from '#archive/catalog/keys.ts'
import { marksOf } from '#archive/catalog/marks.ts'
import { listMeetings, meetingById, meetingBySlug } from '#archive/catalog/meetings.ts'
import { recordingById, saveRecording } from '#archive/catalog/recordings.ts'
import { roomDirectory } from '#archive/catalog/room-directory.ts'
import { connectedRooms, openPublishSession } from '#archive/catalog/sessions.ts'
import { endSpan, saveSpan, spansOf } from '#archive/catalog/spans.ts'
import { cuesOf, saveTranscript, transcriptsOf } from '#archive/catalog/transcripts.ts'
import { newId } from '#archive/core/ids.ts'
import {
  commandOf,
  openForTest,
  plannedMs,
  press,
  type SmallTown,
  smallTown,
  startAction,
  temporaryFolder,
} from './small-town.ts'

async function twoTowns(): Promise<[SmallTown, SmallTown]> {
  const file = join(temporaryFolder(), 'catalogue.sqlite')
  const [ghent, bruges] = [await openForTest({ file, town: 'gent' }), await openForTest({ file, town: 'brugge' })]
  return [await smallTown(ghent), await smallTown(bruges)]
}

/** Everything that a meeting can have. */
async function fill({ catalog, meeting, room, items }: SmallTown) {
  const recording = newId<'recording'>()
  const span = newId<'span'>()
  await press(catalog, commandOf(meeting, startAction(recording)))
  await press(
    catalog,
    commandOf(meeting, { kind: 'item', mark: newId(), item: items[0]?.id ?? newId(), markedAtMs: plannedMs }),
  )
  const key = await catalog.write(async (db) => {
    await saveSpan(db, { id: span, recording, index: 0, wallMs: plannedMs, mediaStartMs: 0, master: 'source' })
    await openPublishSession(db, { room, key: null, meeting, address: null, encoder: null, atMs: plannedMs })
    await openIncident(db, { meeting, code: 'INTERNAL', detail: '', atMs: plannedMs })
    await openAlarm(db, { meeting, recording, finding: { code: 'SOUND_SILENT', sinceMs: plannedMs, detail: '' } })
    await saveTranscript(db, {
      ...{ meeting, language: 'nl', origin: 'imported', atMs: plannedMs },
      cues: [{ startMs: 0, endMs: 1, text: 'goedenavond' }],
    })
    return await addKey(db, room, plannedMs)
  })
  const transcript = (await catalog.read((db) => transcriptsOf(db, meeting)))[0]?.id ?? ''
  return { recording, span, key, transcript }
}

test('two towns with the same slugs never see each other', async () => {
  const [ghent, bruges] = await twoTowns()
  const filled = await fill(ghent)
  expect(ghent.slug).toBe(bruges.slug)
  const seen = await bruges.catalog.read(async (db) => ({
    bodies: (await listBodies(db)).map(({ id }) => id).sort(),
    rooms: (await roomDirectory(db, plannedMs)).rooms.map(({ id, keys }) => [id, keys]),
    meetings: (await listMeetings(db)).map(({ id }) => id),
    bySlug: (await meetingBySlug(db, ghent.slug))?.id,
    byId: await meetingById(db, ghent.meeting),
    items: await itemsOf(db, ghent.meeting),
    marks: await marksOf(db, ghent.meeting),
    keys: await listKeys(db),
    recording: await recordingById(db, filled.recording),
    spans: await spansOf(db, filled.recording),
    access: await mediaAccess(db),
    connected: [...(await connectedRooms(db))],
    incidents: await incidentsOf(db, ghent.meeting),
    alarms: await openAlarms(db),
    transcripts: await transcriptsOf(db, ghent.meeting),
    cues: await cuesOf(db, filled.transcript),
    audit: await listAudit(db),
    summaries: (await meetingSummaries(db)).map(({ id, state }) => [id, state]),
    jobs: (await listJobs(db, ['waiting'])).map(({ payload }) => payload),
  }))
  expect(seen).toEqual({
    ...{ bodies: [bruges.council, bruges.press].sort(), rooms: [[bruges.room, []]], meetings: [bruges.meeting] },
    ...{ bySlug: bruges.meeting, byId: null, items: [], marks: [], keys: [], recording: null, spans: [], access: [] },
    ...{ connected: [], incidents: [], alarms: [], transcripts: [], cues: [], audit: [] },
    ...{ summaries: [[bruges.meeting, 'scheduled']], jobs: [{ meeting: bruges.meeting }] },
  })
})

test('nothing that one town writes by id reaches the other', async () => {
  const [ghent, bruges] = await twoTowns()
  const { recording, span, key } = await fill(ghent)
  await bruges.catalog.write(async (db) => {
    await revokeKey(db, key.id, plannedMs)
    await endSpan(db, { id: span, durationMs: 1, cause: 'crashed' })
    await saveRecording(db, { id: recording, meeting: bruges.meeting, atMs: 5 })
  })
  const stolen = await press(bruges.catalog, commandOf(ghent.meeting, { kind: 'end' }))
  expect(stolen).toMatchObject({ ok: false, code: 'MEETING_NOT_FOUND' })
  const job = await bruges.catalog.write((db) =>
    claim(db, { kinds: ['index-meeting'], nowMs: plannedMs + 1, leaseMs: 1 }),
  )
  expect(job?.job.payload).toEqual({ meeting: bruges.meeting })
  const untouched = await ghent.catalog.read(async (db) => ({
    key: (await listKeys(db))[0]?.revokedAtMs,
    span: (await spansOf(db, recording))[0]?.durationMs,
    recording: (await recordingById(db, recording))?.meeting,
    state: (await meetingById(db, ghent.meeting))?.state,
  }))
  expect(untouched).toEqual({ key: null, span: null, recording: ghent.meeting, state: 'live' })
})

test('rows that are updated on conflict stay in their town', async () => {
  const [ghent, bruges] = await twoTowns()
  const overwrite = (catalog: Catalog, name: string) =>
    catalog.write((db) =>
      db.sql
        .insertInto('room')
        .values({ id: ghent.room, slug: `zaal-${name}`, name, keep_unplanned: 0, created_at_ms: 1 })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ name }))
        .execute(),
    )
  await overwrite(bruges.catalog, 'Brugge')
  await overwrite(ghent.catalog, 'Gent')
  const names = await ghent.catalog.read((db) => db.sql.selectFrom('room').select('name').execute())
  expect(names).toEqual([{ name: 'Gent' }])
})

test('joins are confined on both sides, subqueries and aliases too', async () => {
  const [ghent, bruges] = await twoTowns()
  const compiled = await ghent.catalog.read(async (db) =>
    db.sql
      .selectFrom('meeting as m')
      .leftJoin('body', 'body.id', 'm.body')
      .select('m.id')
      .where('m.id', 'in', db.sql.selectFrom('mark').select('mark.meeting'))
      .compile(),
  )
  const conditions = compiled.sql.match(/"(m|body|mark)"\."town" = \?/g)
  expect([...new Set(conditions)].sort()).toEqual(['"body"."town" = ?', '"m"."town" = ?', '"mark"."town" = ?'])
  expect(new Set(compiled.parameters)).toEqual(new Set([ghent.catalog.town]))
  expect(bruges.catalog.town).not.toBe(ghent.catalog.town)
})
