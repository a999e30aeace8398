import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MeetingView } from '#archive/domain/meeting-view.ts'
import type { AddedMeeting } from '#archive/operations/operations.ts'
import { done, type RunningProduct } from './product.ts'
import { until } from './until.ts'

/** A body with a room of its own, its stream key, and a meeting that is planned for the present. */
export interface Sitting {
  readonly body: string
  readonly room: string
  readonly key: string
  readonly keyId: string
  readonly slug: string
  readonly agenda: AddedMeeting['agenda']
}

export interface SittingPlan {
  readonly name?: string
  readonly kind?: 'council' | 'press'
  readonly agenda?: readonly string[]
}

export async function planSitting(product: RunningProduct, plan: SittingPlan = {}): Promise<Sitting> {
  const { name = 'Gemeenteraad', kind = 'council', agenda = ['Opening', 'Mobiliteitsplan', 'Begroting'] } = plan
  const operations = await product.operations()
  const body = done(await operations.addBody({ name, kind }))
  const key = done(await operations.addKey({ body: body.slug }))
  const meeting = await planMeeting(product, body.slug, { name, agenda })
  return { body: body.slug, room: key.room, key: key.key, keyId: key.id, ...meeting }
}

export async function planMeeting(
  product: RunningProduct,
  body: string,
  { name, agenda }: { name: string; agenda: readonly string[] },
): Promise<Pick<Sitting, 'slug' | 'agenda'>> {
  const items = agenda.map((title, index) => ({ number: String(index + 1), title, public: true }))
  const operations = await product.operations()
  const at = new Date().toISOString()
  return done(await operations.addMeeting({ body, title: name, at, agenda: items }))
}

/** A file that `meeting add --agenda` and `transcript import` take. */
export function textFile(product: RunningProduct, name: string, text: string): string {
  const file = join(product.dataDir, name)
  writeFileSync(file, text)
  return file
}

export async function viewOf(product: RunningProduct, slug: string): Promise<MeetingView> {
  return done(await (await product.operations()).showMeeting(slug, 'operator'))
}

export function untilState(
  product: RunningProduct,
  slug: string,
  state: MeetingView['state'],
  deadlineMs = 15_000,
): Promise<MeetingView> {
  return until(
    `${slug} is ${state}`,
    async () => {
      const view = await viewOf(product, slug)
      return view.state === state ? view : null
    },
    deadlineMs,
  )
}
