import { type IncidentId, newId } from '#archive/core/ids.ts'
import type { Log } from '#archive/core/log.ts'
import { type FreeSpaceWatch, watchFreeSpace } from '#archive/storage/free-space.ts'
import type { Note } from '../catalogue/outbox.ts'

export interface SpoolRoomOptions {
  readonly folder: string
  readonly minFreeBytes: number
  readonly everyMs?: number
  readonly tell: (note: Note) => void
  readonly wallMs: () => number
  readonly log: Log
}

/** Tells the operator before the spool is full: an incident from when there is little room until there is enough. */
export function watchSpoolRoom(options: SpoolRoomOptions): FreeSpaceWatch {
  const { folder, minFreeBytes, everyMs = 10_000, tell, wallMs, log } = options
  let open: IncidentId | null = null
  return watchFreeSpace({
    folder,
    minFreeBytes,
    everyMs,
    onChange: (low) => {
      const atMs = Math.round(wallMs())
      if (low) {
        open = newId()
        log.error({ code: low.code, detail: low.detail }, 'the spool is running out of room')
        tell({ kind: 'incident', incident: { id: open, code: low.code, detail: low.detail, atMs } })
        return
      }
      log.info('the spool has room again')
      if (open) tell({ kind: 'incident-end', id: open, atMs })
      open = null
    },
  })
}
