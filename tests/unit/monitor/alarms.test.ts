import { describe, expect, it, onTestFinished } from 'vitest'
import { type Alarm, openAlarm, openAlarms } from '#archive/catalog/alarms.ts'
import type { Catalog } from '#archive/catalog/catalog.ts'
import { closeIncident, openIncident } from '#archive/catalog/incidents.ts'
import { meetingBySlug } from '#archive/catalog/meetings.ts'
import { closePublishSession, openPublishSession } from '#archive/catalog/sessions.ts'
import { createLog } from '#archive/core/log.ts'
import type { StreamFault, StreamFinding } from '#archive/domain/stream-fault.ts'
import { Monitoring } from '#archive/worker/monitor.ts'
import { alarmChanges } from '#archive/worker/monitor-changes.ts'
import { type Desk, done, eveningMs, openDesk, planEvening } from '../operations/desk.ts'

const finding = (code: StreamFault, sinceMs = eveningMs): StreamFinding => ({ code, sinceMs, detail: 'measured' })

const alarm = (code: StreamFault, more: Partial<Alarm> = {}): Alarm => ({
  ...{ id: code as string as Alarm['id'], meeting: '' as Alarm['meeting'], incident: '' as Alarm['incident'], code },
  ...{ detail: '', sinceMs: eveningMs, toldAtMs: null, acknowledged: null, closedAtMs: null, ...more },
})

function changes(alarms: readonly Alarm[], findings: readonly StreamFinding[], afterMs: number) {
  const situation = { alarms, findings, nowMs: eveningMs + afterMs, bannerAfterMs: 60_000 }
  return alarmChanges(situation).map((change) => [
    change.kind,
    change.kind === 'open' ? change.finding.code : change.alarm.code,
  ])
}

const silent = alarm('SOUND_SILENT')
const acknowledged = { atMs: eveningMs, by: 'cli' }

describe('what is written of alarms', () => {
  it.each([
    ['a fault opens one', changes([], [finding('SOUND_SILENT')], 20_000), [['open', 'SOUND_SILENT']]],
    ['it stands without a word', changes([silent], [finding('SOUND_SILENT')], 59_999), []],
    [
      'viewers are told after a minute',
      changes([silent], [finding('SOUND_SILENT')], 60_000),
      [['tell', 'SOUND_SILENT']],
    ],
    ['once', changes([alarm('SOUND_SILENT', { toldAtMs: eveningMs + 60_000 })], [finding('SOUND_SILENT')], 90_000), []],
    [
      'not where somebody takes care',
      changes([alarm('SOUND_SILENT', { acknowledged })], [finding('SOUND_SILENT')], 90_000),
      [],
    ],
    [
      'not when it is the monitor that is blind',
      changes([alarm('MONITOR_BLIND')], [finding('MONITOR_BLIND')], 90_000),
      [],
    ],
    ['it ends with its fault', changes([silent], [], 90_000), [['close', 'SOUND_SILENT']]],
    [
      'each on its own',
      changes([silent], [finding('PICTURE_BLACK')], 10_000),
      [
        ['open', 'PICTURE_BLACK'],
        ['close', 'SOUND_SILENT'],
      ],
    ],
  ])('%s', (_name, seen, expected) => {
    expect(seen).toEqual(expected)
  })
})

interface Evening extends Desk {
  readonly slug: string
  readonly monitoring: Monitoring
  /** What the monitor of each meeting that is listened to finds. */
  readonly found: StreamFinding[]
  listened(): readonly string[]
  connect(): Promise<() => Promise<void>>
}

async function evening(): Promise<Evening> {
  const desk = await openDesk()
  const { slug } = await planEvening(desk)
  const found: StreamFinding[] = []
  const listened = new Set<string>()
  const monitoring = new Monitoring({
    catalog: desk.catalog,
    listen: (of) => {
      listened.add(of)
      return { findings: () => found, close: async () => void listened.delete(of) }
    },
    bannerAfterMs: 60_000,
    clock: { wallMs: () => desk.clock.nowMs, monotonicMs: () => desk.clock.nowMs },
    log: createLog('test', 'error'),
  })
  const connect = () => connectEncoder(desk.catalog, slug, desk.clock.nowMs)
  return { ...desk, slug, monitoring, found, listened: () => [...listened], connect }
}

async function connectEncoder(catalog: Catalog, slug: string, atMs: number): Promise<() => Promise<void>> {
  const id = await catalog.write(async (db) => {
    const room = (await meetingBySlug(db, slug))?.room
    if (!room) throw new Error('the meeting has no room')
    return await openPublishSession(db, { room, key: null, meeting: null, address: null, encoder: null, atMs })
  })
  return () => catalog.write((db) => closePublishSession(db, { id, cause: 'disconnected', atMs: atMs + 1 }))
}

async function shown({ operations, slug }: Evening) {
  return done(await operations.showMeeting(slug)).alarm
}

describe('the alarms of an evening', () => {
  it('begin when a live meeting has a fault, are shown after a minute, and end with it', async () => {
    const at = await evening()
    const { monitoring, operations, clock, found, slug } = at
    await at.connect()
    done(await operations.command(slug, 'start'))
    const before = done(await operations.showMeeting(slug)).revision
    found.push(finding('SOUND_SILENT'))
    clock.nowMs += 20_000
    await monitoring.tick()
    expect(await operations.alarms()).toMatchObject([
      { meeting: slug, code: 'SOUND_SILENT', since: '2026-11-23T18:30:00.000Z', told: null, acknowledged: null },
    ])
    await monitoring.tick()
    expect([await shown(at), done(await operations.showMeeting(slug)).revision]).toEqual([null, before])
    clock.nowMs += 40_000
    await monitoring.tick()
    expect(await shown(at)).toEqual({ code: 'SOUND_SILENT', since: '2026-11-23T18:30:00.000Z' })
    expect(done(await operations.showMeeting(slug)).revision).toBe(before + 1)
    found.length = 0
    clock.nowMs += 5_000
    await monitoring.tick()
    expect([await shown(at), done(await operations.showMeeting(slug)).revision]).toEqual([null, before + 2])
    expect(done(await operations.incidents(slug))).toMatchObject([
      {
        ...{ code: 'SOUND_SILENT', what: 'The published stream has no sound at all.', detail: 'measured' },
        ...{ from: '2026-11-23T18:30:00.000Z', to: '2026-11-23T18:31:05.000Z', durationSeconds: 65 },
        ...{ noticed: 'stream-monitor', told: '2026-11-23T18:31:00.000Z', acknowledged: null },
      },
    ])
  })

  it('keep the banner away once acknowledged, before it is shown and after', async () => {
    const at = await evening()
    const { monitoring, operations, clock, found, slug } = at
    await at.connect()
    done(await operations.command(slug, 'start'))
    found.push(finding('PICTURE_BLACK'), finding('SOUND_SILENT'))
    await monitoring.tick()
    const [black, silence] = await operations.alarms()
    done(await operations.acknowledgeAlarm(black?.id ?? ''))
    clock.nowMs += 60_000
    await monitoring.tick()
    await monitoring.tick()
    expect(await shown(at)).toMatchObject({ code: 'SOUND_SILENT' })
    expect(done(await operations.acknowledgeAlarm(silence?.id ?? ''))).toMatchObject({
      acknowledged: { at: '2026-11-23T18:31:00.000Z', by: 'cli' },
    })
    expect(await shown(at)).toBeNull()
    expect(done(await operations.incidents(slug)).map(({ code, told }) => [code, told])).toEqual([
      ['PICTURE_BLACK', null],
      ['SOUND_SILENT', '2026-11-23T18:31:00.000Z'],
    ])
    expect(await operations.acknowledgeAlarm('nonsense')).toMatchObject({ ok: false, code: 'ALARM_UNKNOWN' })
  })

  it('are none of a meeting that is paused, closed, interrupted or a draft', async () => {
    const at = await evening()
    const { monitoring, operations, found, slug, catalog, clock } = at
    await monitoring.tick()
    expect(at.listened()).toEqual([])
    done(await operations.command(slug, 'start'))
    await monitoring.tick()
    expect(at.listened()).toEqual([])
    const disconnect = await at.connect()
    found.push(finding('SOUND_SILENT'))
    await monitoring.tick()
    expect([at.listened(), (await operations.alarms()).length]).toEqual([[slug], 1])
    done(await operations.command(slug, 'closed'))
    await monitoring.tick()
    expect([at.listened(), await operations.alarms()]).toEqual([[], []])
    done(await operations.command(slug, 'resume'))
    await monitoring.tick()
    expect(at.listened()).toEqual([slug])
    const incident = await interrupt(catalog, slug, clock.nowMs)
    await monitoring.tick()
    expect(at.listened()).toEqual([])
    await catalog.write((db) => closeIncident(db, incident, clock.nowMs))
    await monitoring.tick()
    expect(at.listened()).toEqual([slug])
    await disconnect()
    await monitoring.tick()
    expect(at.listened()).toEqual([])
  })

  it('are not kept away by an interruption that a killed process left open', async () => {
    const at = await evening()
    done(await at.operations.command(at.slug, 'start'))
    await interrupt(at.catalog, at.slug, at.clock.nowMs)
    at.clock.nowMs += 10_000
    await at.connect()
    await at.monitoring.tick()
    expect(at.listened()).toEqual([at.slug])
  })

  it('that a killed worker left standing go on, or end when the fault is gone', async () => {
    const at = await evening()
    await at.connect()
    done(await at.operations.command(at.slug, 'start'))
    const meeting = await at.catalog.read((db) => meetingBySlug(db, at.slug))
    if (!meeting) throw new Error('there is no meeting')
    const left = (code: StreamFault) =>
      at.catalog.write((db) => openAlarm(db, { meeting: meeting.id, recording: null, finding: finding(code) }))
    const [kept] = [await left('SOUND_SILENT'), await left('PICTURE_FROZEN')]
    expect(await left('SOUND_SILENT')).toBe(kept)
    at.found.push(finding('SOUND_SILENT', eveningMs + 5_000))
    await at.monitoring.tick()
    expect((await at.catalog.read((db) => openAlarms(db))).map(({ id }) => id)).toEqual([kept])
  })

  it('end with the process that keeps them listening', async () => {
    const at = await evening()
    await at.connect()
    done(await at.operations.command(at.slug, 'start'))
    const stopping = new AbortController()
    onTestFinished(() => stopping.abort())
    const running = at.monitoring.run(stopping.signal)
    await at.monitoring.tick()
    expect(at.listened()).toEqual([at.slug])
    stopping.abort()
    await running
    expect(at.listened()).toEqual([])
  })
})

async function interrupt(catalog: Catalog, slug: string, atMs: number) {
  return await catalog.write(async (db) => {
    const meeting = (await meetingBySlug(db, slug))?.id ?? null
    return await openIncident(db, { meeting, code: 'FEED_INTERRUPTED', detail: '', atMs })
  })
}
