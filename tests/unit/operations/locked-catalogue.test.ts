import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { openCatalog } from '#archive/catalog/catalog.ts'
import { meetingBySlug } from '#archive/catalog/meetings.ts'
import { until } from '../../support/until.ts'
import { done, openDesk, planEvening } from './desk.ts'

/** Another process holds the write lock until `release`. */
function lock(file: string) {
  const other = new DatabaseSync(file)
  other.exec('BEGIN EXCLUSIVE')
  const release = () => {
    if (other.isOpen) other.close()
  }
  onTestFinished(release)
  return { release }
}

test('a locked catalogue holds up neither the gate nor the answer, and has the command when it is free', async () => {
  let closedAfterMs = Number.POSITIVE_INFINITY
  let pressedMs = 0
  const desk = await openDesk({
    live: (request) => {
      if (request.type === 'command' && request.command.action.kind === 'closed') {
        closedAfterMs = performance.now() - pressedMs
        return { ok: true, state: 'closed' }
      }
      return { ok: true, state: 'live' }
    },
  })
  const { slug } = await planEvening(desk)
  done(await desk.operations.command(slug, 'start'))
  const held = lock(desk.file)
  pressedMs = performance.now()
  expect(done(await desk.operations.command(slug, 'closed'))).toEqual({
    ...{ slug, state: 'closed', live: 'confirmed', catalogued: false },
  })
  // The lock is held for seconds; what SQLite's own waiting would block is far above what a socket takes.
  expect(closedAfterMs).toBeLessThan(1_000)
  held.release()
  const state = async () => (await desk.catalog.read((db) => meetingBySlug(db, slug)))?.state
  await until('the catalogue has it', async () => (await state()) === 'closed')
  expect(await state()).toBe('closed')
})

test('a catalogue that is up to date is opened and read while another process holds it locked', async () => {
  const desk = await openDesk()
  const { slug } = await planEvening(desk)
  lock(desk.file)
  const catalog = await openCatalog({ file: desk.file })
  onTestFinished(() => catalog.close())
  expect((await catalog.read((db) => meetingBySlug(db, slug)))?.slug).toBe(slug)
})
