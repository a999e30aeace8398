import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readConfig } from '#archive/core/config.ts'
import { createLog } from '#archive/core/log.ts'
import { type Entries, startProduct } from '../../../archive/cli/product.ts'

const log = createLog('test', 'fatal')
const ready = `process.send({ type: 'ready' }); process.on('disconnect', () => process.exit(0)); process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000)`

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'product-start-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const dataDir = () => join(folder, 'data')
const config = () => readConfig({ HEMICYCLE_DATA: dataDir(), HEMICYCLE_HTTP: '127.0.0.1:8081' })

/** Four processes that do nothing, of which `live` may have another source. */
function entries(live = ready): Entries {
  const entry = (name: string, source: string) => {
    const file = join(folder, `${name}.mjs`)
    writeFileSync(file, source)
    return file
  }
  const idle = entry('idle', ready)
  return { edge: idle, site: idle, worker: idle, live: entry('live', live) }
}

describe('the start of the product', () => {
  it('is refused on a data folder on which it runs, and possible again once that has stopped', async () => {
    const first = await startProduct(config(), entries(), log)
    await expect(startProduct(config(), entries(), log)).rejects.toMatchObject({ code: 'DATA_IN_USE' })
    await first.stop()
    const second = await startProduct(config(), entries(), log)
    expect(second.addresses.http).toBe('http://127.0.0.1:8081')
    await second.stop()
  })

  it('is refused with the reason of a catalogue that a newer version wrote, and leaves the folder free', async () => {
    await (await startProduct(config(), entries(), log)).stop()
    const catalogue = new DatabaseSync(join(dataDir(), 'catalogue.sqlite'))
    catalogue.exec(`INSERT INTO migration VALUES (999, 'of a later version', 0)`)
    await expect(startProduct(config(), entries(), log)).rejects.toMatchObject({ code: 'CATALOGUE_NEWER' })
    catalogue.exec('DELETE FROM migration WHERE number = 999')
    catalogue.close()
    const product = await startProduct(config(), entries(), log)
    expect(product.supervisor.pid('live')).toBeGreaterThan(0)
    await product.stop()
  })

  it('is refused with what to do when a process cannot run at all', async () => {
    await expect(startProduct(config(), entries('process.exit(78)'), log)).rejects.toMatchObject({
      code: 'PROCESS_UNABLE',
      message: 'The live process cannot run; its last message says why.',
      hint: expect.stringContaining('HEMICYCLE_RTMP') as string,
    })
  })

  it('is refused where the data folder is not a folder', async () => {
    mkdirSync(folder, { recursive: true })
    writeFileSync(dataDir(), '')
    await expect(startProduct(config(), entries(), log)).rejects.toMatchObject({ code: 'DATA_UNWRITABLE' })
  })
})
