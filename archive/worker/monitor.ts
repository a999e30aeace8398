import { setTimeout as pause } from 'node:timers/promises'
import { isPublic } from '../catalog/access.ts'
import { type Alarm, closeAlarm, openAlarm, openAlarms, tellAlarm } from '../catalog/alarms.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { standingIncidents } from '../catalog/incidents.ts'
import { listMeetings, type Meeting } from '../catalog/meetings.ts'
import { connectedSince } from '../catalog/sessions.ts'
import type { TownDb } from '../catalog/town-db.ts'
import type { Clock } from '../core/clock.ts'
import type { MeetingId } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import type { StreamFinding } from '../domain/stream-fault.ts'
import { type AlarmChange, alarmChanges } from './monitor-changes.ts'

/** Listens to one published stream, as `transcode/monitor` does. */
export interface MeetingMonitor {
  /** The faults that stand at this moment. */
  findings(): readonly StreamFinding[]
  close(): Promise<void>
}

export interface MonitoringDeps {
  readonly catalog: Catalog
  /** Begins to listen to the live stream of a meeting; never throws. */
  readonly listen: (slug: string) => MeetingMonitor
  readonly bannerAfterMs: number
  readonly clock: Clock
  readonly log: Log
}

const everyMs = 1_000

interface Situation {
  /** Live, public, and with an encoder that delivers. */
  readonly listened: readonly Meeting[]
  readonly alarms: readonly Alarm[]
}

/**
 * Keeps a monitor on every meeting that viewers can watch, and the alarms in the catalogue as the monitors find them.
 * A pause, a closed session or an interruption is no fault of the stream: nobody listens then, and alarms end.
 */
export class Monitoring {
  readonly #deps: MonitoringDeps
  readonly #monitors = new Map<MeetingId, MeetingMonitor>()
  #situation: Situation = { listened: [], alarms: [] }
  #seen: number | null = null

  constructor(deps: MonitoringDeps) {
    this.#deps = deps
  }

  /** Until `signal`; whatever fails is tried again. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.tick()
      } catch (error) {
        this.#deps.log.warn({ err: error }, 'the alarms could not be brought up to date')
        this.#seen = null
      }
      await pause(everyMs, undefined, { signal }).catch(() => undefined)
    }
    await this.#keep([])
  }

  /** One look at meetings, monitors and alarms. @throws AppError CATALOGUE_BUSY, CATALOGUE_UNREADABLE */
  async tick(): Promise<void> {
    const { catalog } = this.#deps
    const version = catalog.changed()
    if (version !== this.#seen) {
      this.#situation = await catalog.read(situationOf)
      this.#seen = version
    }
    await this.#keep(this.#situation.listened)
    await this.#settle()
  }

  async #keep(meetings: readonly Meeting[]): Promise<void> {
    const wanted = new Set(meetings.map(({ id }) => id))
    for (const { id, slug } of meetings) {
      if (!this.#monitors.has(id)) this.#monitors.set(id, this.#deps.listen(slug))
    }
    for (const [id, monitor] of this.#monitors) {
      if (wanted.has(id)) continue
      this.#monitors.delete(id)
      await monitor.close()
    }
  }

  async #settle(): Promise<void> {
    const { listened, alarms } = this.#situation
    const { bannerAfterMs, clock, catalog } = this.#deps
    const nowMs = clock.wallMs()
    const forgotten = alarms.filter(({ meeting }) => !listened.some(({ id }) => id === meeting))
    for (const alarm of forgotten) await catalog.write((db) => closeAlarm(db, alarm, nowMs))
    for (const meeting of listened) {
      const changes = alarmChanges({
        alarms: alarms.filter((alarm) => alarm.meeting === meeting.id),
        findings: this.#monitors.get(meeting.id)?.findings() ?? [],
        nowMs,
        bannerAfterMs,
      })
      if (changes.length > 0) await this.#write(meeting, changes, nowMs)
    }
  }

  async #write(meeting: Meeting, changes: readonly AlarmChange[], nowMs: number): Promise<void> {
    await this.#deps.catalog.write(async (db) => {
      for (const change of changes) {
        if (change.kind === 'open') {
          await openAlarm(db, { meeting: meeting.id, recording: meeting.recording, finding: change.finding })
        } else if (change.kind === 'tell') await tellAlarm(db, change.alarm, nowMs)
        else await closeAlarm(db, change.alarm, nowMs)
      }
    })
    for (const change of changes) {
      const { code, detail } = change.kind === 'open' ? change.finding : change.alarm
      this.#deps.log.warn({ meeting: meeting.slug, code, detail, change: change.kind }, 'an alarm of the stream')
    }
  }
}

async function situationOf(db: TownDb): Promise<Situation> {
  const connected = await connectedSince(db)
  const interruptions = await standingIncidents(db, 'FEED_INTERRUPTED')
  const delivers = ({ id, room }: Meeting) => {
    const sinceMs = room === null ? undefined : connected.get(room)
    // One from before the connection was left open by a process that was killed.
    const isCut = interruptions.some(({ meeting, openedAtMs }) => meeting === id && openedAtMs >= (sinceMs ?? 0))
    return sinceMs !== undefined && !isCut
  }
  const live = await listMeetings(db, ['live'])
  return { listened: live.filter((meeting) => isPublic(meeting) && delivers(meeting)), alarms: await openAlarms(db) }
}
