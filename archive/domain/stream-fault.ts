import type { ErrorCode } from '../core/error-codes.ts'

/** What can be wrong with what viewers get; what matters most to them first. */
export const streamFaults = [
  'STREAM_STALE',
  'SOUND_SILENT',
  'PICTURE_BLACK',
  'PICTURE_FROZEN',
  'SOUND_ONE_SIDED',
  'SOUND_CLIPPED',
  'SOUND_PICTURE_APART',
  'SOUND_TOO_QUIET',
  'MONITOR_BLIND',
] as const satisfies readonly ErrorCode[]

export type StreamFault = (typeof streamFaults)[number]

export function isStreamFault(code: string): code is StreamFault {
  return (streamFaults as readonly string[]).includes(code)
}

/** A monitor that sees nothing says nothing about the stream: viewers may be perfectly well. */
export function isForPublic(code: StreamFault): boolean {
  return code !== 'MONITOR_BLIND'
}

/** A fault that stands at this moment. */
export interface StreamFinding {
  readonly code: StreamFault
  /** WallTime at which it began, not that at which it was noticed. */
  readonly sinceMs: number
  /** What was measured, for the operator. */
  readonly detail: string
}
