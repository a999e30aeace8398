import type { Alarm } from '../catalog/alarms.ts'
import { isForPublic, isStreamFault, type StreamFinding } from '../domain/stream-fault.ts'

/** What has to be written so that the alarms of one meeting say what its monitor finds. */
export type AlarmChange =
  | { readonly kind: 'open'; readonly finding: StreamFinding }
  | { readonly kind: 'tell'; readonly alarm: Alarm }
  | { readonly kind: 'close'; readonly alarm: Alarm }

export interface AlarmSituation {
  /** Those of the meeting that stand. */
  readonly alarms: readonly Alarm[]
  readonly findings: readonly StreamFinding[]
  readonly nowMs: number
  /** How long a fault stands before viewers are told. */
  readonly bannerAfterMs: number
}

/** Faults without an alarm, alarms without a fault, and alarms old enough for viewers to be told. */
export function alarmChanges({ alarms, findings, nowMs, bannerAfterMs }: AlarmSituation): AlarmChange[] {
  const found = new Set<string>(findings.map(({ code }) => code))
  const standing = new Set(alarms.map(({ code }) => code))
  const changes: AlarmChange[] = []
  for (const finding of findings) if (!standing.has(finding.code)) changes.push({ kind: 'open', finding })
  for (const alarm of alarms) {
    if (!found.has(alarm.code)) changes.push({ kind: 'close', alarm })
    else if (isDue(alarm, nowMs - bannerAfterMs)) changes.push({ kind: 'tell', alarm })
  }
  return changes
}

function isDue({ code, sinceMs, toldAtMs, acknowledged }: Alarm, beforeMs: number): boolean {
  const isPublic = isStreamFault(code) && isForPublic(code)
  return isPublic && toldAtMs === null && acknowledged === null && sinceMs <= beforeMs
}
