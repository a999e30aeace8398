import { addAudit } from '#archive/catalog/audit.ts'
import { openCatalog } from '#archive/catalog/catalog.ts'
import { listJobs } from '#archive/catalog/jobs.ts'
import { systemClock } from '#archive/core/clock.ts'
import { createLog } from '#archive/core/log.ts'
import { createWorker } from '#archive/jobs/worker.ts'
import { until } from '../../support/until.ts'

/**
 * Works off the queue of the catalogue named by the first argument until nothing is left; `dying` ends without a word
 * after a few jobs, in the middle of one. Run as a process.
 */
const [file = '', mode = 'steady'] = process.argv.slice(2)
const catalog = await openCatalog({ file })
const jobsBeforeDeath = 5
let begun = 0
const worker = createWorker({
  catalog,
  clock: systemClock(),
  log: createLog('work', 'error'),
  leaseMs: 600,
  kinds: {
    'index-meeting': async ({ payload, finish }) => {
      begun += 1
      if (mode === 'dying' && begun > jobsBeforeDeath) process.exit(0)
      await finish((db) => addAudit(db, { atMs: 0, by: String(process.pid), action: 'work', subject: payload.meeting }))
    },
  },
})
await until(
  'the queue is empty',
  async () => (await catalog.read((db) => listJobs(db, ['waiting', 'running']))).length === 0,
  60_000,
)
await worker.stop()
await catalog.close()
