import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { MeetingId, RecordingId } from '#archive/core/ids.ts'
import { type MeetingState, meetingStates } from '#archive/domain/meeting-state.ts'

/** What *live* must remember of a meeting through a crash. `openedAtMs` is the press since which media may be captured. */
export interface KeptState {
  readonly state: MeetingState
  readonly recording: RecordingId | null
  readonly openedAtMs: number | null
}

export type KeptStates = ReadonlyMap<MeetingId, KeptState>

/** `unreadable` is not the same as empty: whoever reads it must take every open meeting for closed. */
export type StateReading = { readonly kind: 'read'; readonly states: KeptStates } | { readonly kind: 'unreadable' }

/**
 * The small file that makes a shut gate outlive the process: written and fsynced before a command is confirmed.
 * Synchronous on purpose: some hundred bytes, only at a press, and nothing may be admitted in between.
 */
export function writeStateFile(path: string, states: KeptStates): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const temporary = `${path}.new`
  const file = openSync(temporary, 'w', 0o600)
  try {
    writeSync(file, JSON.stringify({ version: 1, meetings: Object.fromEntries(states) }))
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(temporary, path)
  const folder = openSync(dirname(path), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

export function readStateFile(path: string): StateReading {
  try {
    const content = JSON.parse(readFileSync(path, 'utf8')) as { version: number; meetings: Record<string, KeptState> }
    const entries = Object.entries(content.meetings)
    if (content.version !== 1 || entries.some(([, kept]) => !meetingStates.includes(kept.state)))
      return { kind: 'unreadable' }
    return { kind: 'read', states: new Map(entries as [MeetingId, KeptState][]) }
  } catch (error) {
    // Nothing else means that it was never written: a file or folder that may not be read is no empty one.
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    return isMissing ? { kind: 'read', states: new Map() } : { kind: 'unreadable' }
  }
}
