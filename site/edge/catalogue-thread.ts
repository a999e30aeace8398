import { setTimeout as pause } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { mediaAccess, meetingSummaries } from '#archive/catalog/access.ts'
import { openCatalog } from '#archive/catalog/catalog.ts'
import type { CatalogueSnapshot } from './visibility.ts'

/** SQLite waits for locks synchronously, so it gets a thread of its own; noticing a change costs microseconds. */
const pollMs = 100

export type CatalogueNews =
  | { readonly type: 'snapshot'; readonly snapshot: CatalogueSnapshot }
  | { readonly type: 'unreadable'; readonly reason: string }

const { file } = workerData as { readonly file: string }
const post = (news: CatalogueNews) => parentPort?.postMessage(news)

const catalog = await openCatalog({ file })
let seen: number | null = null
for (;;) {
  try {
    const version = catalog.changed()
    if (version !== seen) {
      const snapshot = await catalog.read(async (db) => ({
        access: await mediaAccess(db),
        meetings: await meetingSummaries(db),
      }))
      post({ type: 'snapshot', snapshot })
      seen = version
    }
  } catch (error) {
    post({ type: 'unreadable', reason: String(error) })
    seen = null
  }
  await pause(pollMs)
}
