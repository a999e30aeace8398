import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { addBody } from '#archive/catalog/bodies.ts'
import { type Catalog, openCatalog } from '#archive/catalog/catalog.ts'
import { applyCommand } from '#archive/catalog/commands.ts'
import { addMeeting } from '#archive/catalog/meetings.ts'
import { withdrawRecording } from '#archive/catalog/recordings.ts'
import { addRoom } from '#archive/catalog/rooms.ts'
import { type CommandId, type MeetingId, newId, type RecordingId } from '#archive/core/ids.ts'
import type { MeetingAction } from '#archive/domain/command.ts'
import { plannedTime } from '#archive/domain/local-time.ts'
import { dataFolder, type EdgeProcess, startEdge } from '#tests/support/edge-process.ts'
import { type ScriptedLive, startScriptedLive } from '#tests/support/scripted-live.ts'

/** A catalogue with one planned meeting, a scripted *live* and a real edge process. */
export interface Evening {
  readonly dataDir: string
  readonly spoolDir: string
  readonly catalog: Catalog
  readonly edge: EdgeProcess
  readonly live: ScriptedLive
  readonly meeting: { readonly id: MeetingId; readonly slug: string; readonly recording: RecordingId }
  press(action: MeetingAction): Promise<void>
  start(): Promise<void>
  withdraw(): Promise<void>
}

export async function openEvening(options: { kind?: 'council' | 'press'; settings?: Record<string, string> } = {}) {
  const dataDir = dataFolder()
  const spoolDir = join(dataDir, 'spool')
  const catalog = await openCatalog({ file: join(dataDir, 'catalogue.sqlite') })
  onTestFinished(() => catalog.close())
  const slug = '2026-11-23-raad'
  const id = await planMeeting(catalog, slug, options.kind ?? 'council')
  const live = await startScriptedLive(dataDir, spoolDir)
  onTestFinished(() => live.close())
  const edge = await startEdge(dataDir, options.settings)
  const recording = newId<'recording'>()
  const press = async (action: MeetingAction) => {
    const command = { id: newId() as CommandId, meeting: id, atMs: Date.now(), by: 'cli', action }
    const outcome = await catalog.write((db) => applyCommand(db, command, 'operations'))
    if (!outcome.ok) throw new Error(outcome.message)
  }
  const evening: Evening = {
    dataDir,
    spoolDir,
    catalog,
    edge,
    live,
    meeting: { id, slug, recording },
    press,
    start: () => press({ kind: 'start', recording }),
    withdraw: () => catalog.write((db) => withdrawRecording(db, recording, 1)),
  }
  return evening
}

async function planMeeting(catalog: Catalog, slug: string, kind: 'council' | 'press'): Promise<MeetingId> {
  const planned = plannedTime('2026-11-23T19:30', 'Europe/Brussels')
  if (!planned.ok) throw new Error(planned.message)
  return await catalog.write(async (db) => {
    const room = (await addRoom(db, { slug: 'raadzaal', name: 'Raadzaal' }, 1)).id
    const body = (await addBody(db, { slug: 'raad', name: 'Raad', kind, usualRoom: room }, 1)).id
    const added = await addMeeting(db, { slug, title: 'Raad', body, room: null, planned: planned.value }, 1)
    return added.id
  })
}
