import { type Alarm, acknowledgeAlarm, alarmsOf, openAlarms } from '../catalog/alarms.ts'
import { addAudit } from '../catalog/audit.ts'
import { incidentsOf } from '../catalog/incidents.ts'
import { meetingById, meetingBySlug } from '../catalog/meetings.ts'
import type { TownDb } from '../catalog/town-db.ts'
import { type ErrorCode, errorCodes } from '../core/error-codes.ts'
import { refuse } from '../core/errors.ts'
import { type AlarmId, isId } from '../core/ids.ts'
import { incidentView, sentenceOf } from '../domain/incident-log.ts'
import type { AlarmView, Operations } from './operations.ts'
import { askedBy, nowOf, type OperationsDeps } from './operations-deps.ts'

type Incidents = Pick<Operations, 'incidents' | 'alarms' | 'acknowledgeAlarm'>

export function incidentOperations(deps: OperationsDeps): Incidents {
  const { catalog } = deps
  return {
    incidents: (slug) =>
      catalog.read(async (db) => {
        const meeting = await meetingBySlug(db, slug)
        if (!meeting) return refuse('MEETING_NOT_FOUND', { message: `There is no meeting "${slug}".` })
        const alarms = new Map((await alarmsOf(db, meeting.id)).map((alarm) => [alarm.incident, alarm]))
        const incidents = await incidentsOf(db, meeting.id)
        return { ok: true, value: incidents.map((incident) => incidentView(incident, alarms.get(incident.id) ?? null)) }
      }),
    alarms: () =>
      catalog.read(async (db) => {
        const views: AlarmView[] = []
        for (const alarm of await openAlarms(db)) views.push(await alarmView(db, alarm))
        return views
      }),
    acknowledgeAlarm: (id) =>
      catalog.write(async (db) => {
        const atMs = nowOf(deps)
        const by = askedBy(deps)
        const alarm = isId<'alarm'>(id) ? await acknowledgeAlarm(db, id, { by, atMs }) : null
        if (!alarm) return refuse('ALARM_UNKNOWN', { message: `There is no open alarm ${id}.` })
        const view = await alarmView(db, alarm)
        await addAudit(db, { atMs, by, action: 'alarm-acknowledge', subject: view.meeting, detail: alarm.code })
        return { ok: true, value: view }
      }),
  }
}

async function alarmView(db: TownDb, alarm: Alarm): Promise<AlarmView> {
  const { id, code, detail, sinceMs, toldAtMs, acknowledged } = alarm
  const meeting = await meetingById(db, alarm.meeting)
  return {
    ...{ id: id satisfies AlarmId, meeting: meeting?.slug ?? '', code, what: sentenceOf(code) },
    todo: code in errorCodes ? errorCodes[code as ErrorCode].hint : '',
    ...{ detail, since: iso(sinceMs), told: toldAtMs === null ? null : iso(toldAtMs) },
    acknowledged: acknowledged && { at: iso(acknowledged.atMs), by: acknowledged.by },
  }
}

function iso(wallMs: number): string {
  return new Date(wallMs).toISOString()
}
