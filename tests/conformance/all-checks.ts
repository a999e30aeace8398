import { type Check, type Judgement, judge } from './check.ts'
import { alignmentChecks } from './checks/alignment.ts'
import { blockingChecks } from './checks/blocking.ts'
import { constancyChecks } from './checks/constancy.ts'
import { deliveryChecks } from './checks/delivery.ts'
import { deltaChecks } from './checks/delta.ts'
import { durationChecks } from './checks/durations.ts'
import { endingChecks } from './checks/ending.ts'
import { hintChecks } from './checks/hints.ts'
import { historyChecks } from './checks/history.ts'
import { mediaChecks } from './checks/media.ts'
import { orderChecks } from './checks/order.ts'
import { reportChecks } from './checks/reports.ts'
import { syntaxChecks } from './checks/syntax.ts'
import { tempoChecks } from './checks/tempo.ts'
import { windowChecks } from './checks/window.ts'
import type { Session } from './session.ts'

export const allChecks: readonly Check[] = [
  ...syntaxChecks,
  ...durationChecks,
  ...constancyChecks,
  ...tempoChecks,
  ...blockingChecks,
  ...hintChecks,
  ...historyChecks,
  ...deltaChecks,
  ...reportChecks,
  ...alignmentChecks,
  ...orderChecks,
  ...windowChecks,
  ...deliveryChecks,
  ...mediaChecks,
  ...endingChecks,
]

/** The session's playlists are put in the order of their ends first, as the checks expect them. */
export function judgeAll(session: Session): Judgement[] {
  const playlists = session.playlists.toSorted((a, b) => a.exchange.endAtMs - b.exchange.endAtMs)
  const ordered = { ...session, playlists }
  return allChecks.map((check) => judge(check, ordered))
}
