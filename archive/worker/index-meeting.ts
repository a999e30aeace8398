import type { Catalog } from '../catalog/catalog.ts'
import { listMeetings } from '../catalog/meetings.ts'
import { enqueueIndexing } from '../catalog/touch.ts'
import type { Clock } from '../core/clock.ts'
import { AppError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { JobHandler } from '../jobs/worker.ts'
import type { SearchIndex } from '../search/search-index.ts'
import { findable } from './search-document.ts'

export interface Indexing {
  readonly catalog: Catalog
  readonly index: SearchIndex
  readonly clock: Clock
  readonly log: Log
}

/** Makes the index usable: where it is missing, damaged or out of date, every meeting is put into the queue. */
export async function prepareIndex({ catalog, index, clock, log }: Indexing): Promise<void> {
  if ((await index.prepare()) === 'ready') return
  const nowMs = Math.round(clock.wallMs())
  const count = await catalog.write(async (db) => {
    const meetings = await listMeetings(db)
    for (const { id } of meetings) await enqueueIndexing(db, id, nowMs)
    return meetings.length
  })
  await index.confirm()
  log.info({ meetings: count }, 'the search index is built from the catalogue')
}

export function indexMeeting(indexing: Indexing): JobHandler<'index-meeting'> {
  return async ({ payload }) => {
    const found = await indexing.catalog.read((db) => findable(db, payload.meeting))
    if (!found) return
    try {
      if (found.kind === 'hidden') await indexing.index.removeMeeting(found.slug)
      else await indexing.index.replaceMeeting(found.document)
    } catch (error) {
      if (!isLost(error)) throw error
      indexing.log.warn({ err: error }, 'the search index was lost, building it again')
      await prepareIndex(indexing)
    }
  }
}

function isLost(error: unknown): boolean {
  return error instanceof AppError && (error.code === 'SEARCH_INDEX_MISSING' || error.code === 'SEARCH_INDEX_CORRUPT')
}
