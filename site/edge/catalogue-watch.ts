import { Worker } from 'node:worker_threads'
import type { Log } from '#archive/core/log.ts'
import type { CatalogueNews } from './catalogue-thread.ts'
import type { CatalogueSnapshot } from './visibility.ts'

export interface CatalogueWatch {
  /** Whether the last look at the catalogue succeeded. */
  readonly isUp: boolean
  /** Resolves with the first snapshot. */
  readonly first: Promise<void>
  close(): Promise<void>
}

const restartMs = 1000

/** Follows the catalogue in a thread; a thread that dies is started again, the last snapshot stays in force. */
export function watchCatalogue(
  file: string,
  onSnapshot: (snapshot: CatalogueSnapshot) => void,
  log: Log,
): CatalogueWatch {
  const first = Promise.withResolvers<void>()
  let isUp = false
  let isClosed = false
  let worker: Worker
  let timer: NodeJS.Timeout | undefined

  const start = () => {
    worker = new Worker(new URL('./catalogue-thread.ts', import.meta.url), { workerData: { file } })
    worker.on('message', (news: CatalogueNews) => {
      isUp = news.type === 'snapshot'
      if (news.type === 'unreadable') return log.error({ reason: news.reason }, 'the catalogue cannot be read')
      onSnapshot(news.snapshot)
      first.resolve()
    })
    worker.on('error', (error) => log.error({ err: error }, 'the catalogue thread failed'))
    worker.once('exit', () => {
      isUp = false
      if (!isClosed) timer = setTimeout(start, restartMs)
    })
  }
  start()
  return {
    get isUp() {
      return isUp
    },
    first: first.promise,
    async close() {
      isClosed = true
      clearTimeout(timer)
      await worker.terminate()
    },
  }
}
