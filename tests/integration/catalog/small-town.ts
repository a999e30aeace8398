import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { addBody } from '#archive/catalog/bodies.ts'
import { type Catalog, type CatalogOptions, openCatalog } from '#archive/catalog/catalog.ts'
import { applyCommand, type CommandSource } from '#archive/catalog/commands.ts'
import { addItems } from '#archive/catalog/items.ts'
import { addMeeting } from '#archive/catalog/meetings.ts'
import { addRoom } from '#archive/catalog/rooms.ts'
import { type BodyId, type CommandId, type MeetingId, newId, type RecordingId, type RoomId } from '#archive/core/ids.ts'
import type { AgendaItem } from '#archive/domain/agenda.ts'
import type { Command, MeetingAction } from '#archive/domain/command.ts'
import { plannedTime } from '#archive/domain/local-time.ts'

/** 19:30 on the evening of the planned meeting, in Brussels. */
export const plannedMs = Date.UTC(2026, 10, 23, 18, 30)

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hemicycle-catalogue-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export async function openForTest(options: Partial<CatalogOptions> = {}): Promise<Catalog> {
  const catalog = await openCatalog({ file: join(temporaryFolder(), 'catalogue.sqlite'), ...options })
  onTestFinished(() => catalog.close())
  return catalog
}

export interface SmallTown {
  readonly catalog: Catalog
  readonly room: RoomId
  readonly council: BodyId
  readonly press: BodyId
  readonly meeting: MeetingId
  readonly slug: string
  readonly items: readonly AgendaItem[]
}

/** A council and a press office that share a room, and a planned council meeting with three items. */
export async function smallTown(catalog: Catalog): Promise<SmallTown> {
  return await catalog.write(async (db) => {
    const room = (await addRoom(db, { slug: 'raadzaal', name: 'Raadzaal' }, 1)).id
    const council = (
      await addBody(db, { slug: 'gemeenteraad', name: 'Gemeenteraad', kind: 'council', usualRoom: room }, 1)
    ).id
    const press = (await addBody(db, { slug: 'pers', name: 'Persdienst', kind: 'press', usualRoom: room }, 1)).id
    const { id: meeting, slug } = await planMeeting(db, { body: council, slug: '2026-11-23-gemeenteraad' })
    const items = await addItems(
      db,
      meeting,
      ['Notulen', 'Mobiliteitsplan', 'Varia'].map((title, at) => ({
        number: String(at + 1),
        title,
        depth: 0,
        public: true,
      })),
    )
    return { catalog, room, council, press, meeting, slug, items }
  })
}

export async function planMeeting(
  db: Parameters<typeof addMeeting>[0],
  { body, slug, local = '2026-11-23T19:30' }: { body: BodyId; slug: string; local?: string },
): Promise<{ id: MeetingId; slug: string }> {
  const planned = plannedTime(local, 'Europe/Brussels')
  if (!planned.ok) throw new Error(planned.message)
  return await addMeeting(db, { slug, title: 'Gemeenteraad', body, room: null, planned: planned.value }, 1)
}

export function commandOf(meeting: MeetingId, action: MeetingAction, atMs = plannedMs): Command {
  return { id: newId() as CommandId, meeting, atMs, by: 'cli', action }
}

export function startAction(recording: RecordingId = newId()): MeetingAction {
  return { kind: 'start', recording }
}

export async function press(catalog: Catalog, command: Command, source: CommandSource = 'operations') {
  return await catalog.write((db) => applyCommand(db, command, source))
}
