import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Catalog, openCatalog } from '#archive/catalog/catalog.ts'
import { applyCommand } from '#archive/catalog/commands.ts'
import { withdrawRecording } from '#archive/catalog/recordings.ts'
import { type CommandId, type MeetingId, newId, type RecordingId } from '#archive/core/ids.ts'
import type { MeetingAction } from '#archive/domain/command.ts'
import type { EdgeProcess } from '#tests/support/edge-child.ts'
import { dataFolder, startEdge } from '#tests/support/edge-process.ts'
import { planMeeting } from '#tests/support/planned-meeting.ts'
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
