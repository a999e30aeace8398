import { AppError, type Outcome } from '../../core/errors.ts'
import type { Operations } from '../../operations/operations.ts'
import { demoScript } from './script.ts'

const rehearsedSeconds = 120

/**
 * Makes sure that there is something to look at while developing: a body, a meeting to come, and one that is live with
 * its first item pressed. Resolves to a stream key of its room; the keys of former runs are revoked.
 */
export async function rehearse(operations: Operations): Promise<string> {
  const agenda = demoScript(rehearsedSeconds).agenda.map((item) => ({ ...item, public: true }))
  const body = (await operations.listBodies())[0]?.slug ?? done(await operations.addBody({ name: 'Gemeenteraad' })).slug
  for (const { id, revokedAt } of await operations.listKeys()) {
    if (revokedAt === null) done(await operations.revokeKey(id))
  }
  const { key } = done(await operations.addKey({ body }))
  const [upcoming] = await operations.listMeetings({ when: 'upcoming', audience: 'operator' })
  if (!upcoming) done(await operations.addMeeting({ body, title: 'Volgende raad', at: inDays(7), agenda }))
  const [open] = await operations.listMeetings({ when: 'open', audience: 'operator' })
  if (open) return key
  const { slug } = done(await operations.addMeeting({ body, title: 'Raad van vandaag', at: inDays(0), agenda }))
  done(await operations.command(slug, 'start'))
  const [first] = agenda
  if (first) done(await operations.item(slug, first.number))
  return key
}

function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString()
}

/** @throws AppError with the refusal's code. */
function done<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new AppError(outcome.code, { message: outcome.message, hint: outcome.hint })
  return outcome.value
}
