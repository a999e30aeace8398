import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export interface CatalogueLock {
  readonly heldSinceMs: number
  release(): Promise<void>
}

const holder = `
const { DatabaseSync } = require('node:sqlite')
const db = new DatabaseSync(process.argv[1])
db.exec('PRAGMA busy_timeout = 10000; BEGIN EXCLUSIVE')
process.stdout.write('locked')
process.stdin.on('end', () => { db.exec('ROLLBACK'); process.exit(0) }).resume()
`

/** Another process takes the catalogue for itself until it is told to let go. */
export async function lockCatalogue(dataDir: string): Promise<CatalogueLock> {
  const child = spawn(process.execPath, ['-e', holder, join(dataDir, 'catalogue.sqlite')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error('the catalogue could not be locked'))),
  ])
  return {
    heldSinceMs: performance.now(),
    release: async () => {
      const ended = once(child, 'exit')
      child.stdin.end()
      await ended
    },
  }
}
