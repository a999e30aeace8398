import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLog } from '#archive/core/log.ts'
import { until } from '#tests/support/until.ts'
import { createSupervisor } from '../../../archive/cli/supervisor.ts'

const log = createLog('test', 'fatal')
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'supervisor-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function child(name: string, source: string) {
  const entry = join(folder, `${name}.mjs`)
  writeFileSync(entry, source)
  return { name, entry, environment: () => process.env }
}

const serving = `process.send({ type: 'ready', http: { host: 'h', port: process.pid } }); process.on('disconnect', () => process.exit(0)); setInterval(() => {}, 1000)`

describe('the supervisor', () => {
  it('starts a killed child again, under another pid', async () => {
    const supervisor = createSupervisor(log)
    const ready = await supervisor.start(child('a', serving))
    const first = supervisor.pid('a')
    expect(ready.http?.port).toBe(first)
    process.kill(first ?? 0, 'SIGKILL')
    const second = await until('it runs again', () => {
      const pid = supervisor.pid('a')
      return pid !== undefined && pid !== first ? pid : null
    })
    expect(second).not.toBe(first)
    await supervisor.stop()
    expect(supervisor.pid('a')).toBeUndefined()
  })

  it('gives up a child that ends with the code for "for good"', async () => {
    const supervisor = createSupervisor(log)
    await expect(supervisor.start(child('b', 'process.exit(78)'))).rejects.toThrow('The b process cannot run')
    await supervisor.stop()
  })

  it('starts a child that fails at first until it holds', async () => {
    const supervisor = createSupervisor(log)
    const counter = join(folder, 'count')
    writeFileSync(counter, '')
    const source = `import { appendFileSync, readFileSync } from 'node:fs'
      appendFileSync(${JSON.stringify(counter)}, 'x')
      if (readFileSync(${JSON.stringify(counter)}, 'utf8').length < 3) process.exit(1)
      ${serving}`
    await supervisor.start(child('c', source))
    expect(readFileSync(counter, 'utf8')).toBe('xxx')
    await supervisor.stop()
  })
})
