import { join } from 'node:path'
import { expect, test } from 'vitest'
import { listAudit } from '#archive/catalog/audit.ts'
import { openCatalog } from '#archive/catalog/catalog.ts'
import { addRoom, listRooms } from '#archive/catalog/rooms.ts'
import { run } from './processes.ts'
import { openForTest, temporaryFolder } from './small-town.ts'

test('four processes that open a new catalogue at once and write without a breath lose nothing and wait for each other', async () => {
  const file = join(temporaryFolder(), 'catalogue.sqlite')
  const [processes, writes] = [4, 150]
  await Promise.all(
    Array.from({ length: processes }, (_, at) => run('hammer.ts', [file, String(writes), `process-${at}`])),
  )
  const catalog = await openForTest({ file })
  const rooms = await catalog.read(listRooms)
  expect(rooms.map(({ slug }) => slug)).toEqual(
    Array.from({ length: processes * writes }, (_, at) => `room-${String(at + 1).padStart(5, '0')}`),
  )
  const audit = await catalog.read((db) => listAudit(db, 10_000))
  expect(new Set(audit.map(({ by }) => by)).size).toBe(processes)
})

test('a write that throws leaves nothing behind', async () => {
  const catalog = await openForTest()
  const attempt = catalog.write(async (db) => {
    await addRoom(db, { slug: 'zaal', name: 'Zaal' }, 1)
    throw new Error('no')
  })
  await expect(attempt).rejects.toThrow('no')
  expect(await catalog.read(listRooms)).toEqual([])
})

test('a read sees one snapshot, whatever is written while it lasts', async () => {
  const catalog = await openForTest()
  const [before, after] = await catalog.read(async (db) => {
    const first = await listRooms(db)
    await catalog.write((writing) => addRoom(writing, { slug: 'zaal', name: 'Zaal' }, 1))
    return [first, await listRooms(db)]
  })
  expect([before, after]).toEqual([[], []])
  expect((await catalog.read(listRooms)).map(({ slug }) => slug)).toEqual(['zaal'])
})

test('nothing can be written within a read', async () => {
  const catalog = await openForTest()
  await expect(catalog.read((db) => addRoom(db, { slug: 'zaal', name: 'Zaal' }, 1))).rejects.toThrow(/readonly/)
})

test('a write begun within a write is refused rather than waited for', async () => {
  const catalog = await openForTest()
  const nested = catalog.write(() => catalog.write(listRooms))
  await expect(nested).rejects.toMatchObject({ code: 'INTERNAL' })
  expect(await catalog.write(listRooms)).toEqual([])
})

test('changed() differs after a write of this process and of another connection, and not after a read', async () => {
  const catalog = await openForTest()
  const start = catalog.changed()
  await catalog.read(listRooms)
  expect(catalog.changed()).toBe(start)
  await catalog.write((db) => addRoom(db, { slug: 'a', name: 'A' }, 1))
  const own = catalog.changed()
  expect(own).not.toBe(start)
  const file = join(temporaryFolder(), 'catalogue.sqlite')
  const [one, other] = [await openForTest({ file }), await openCatalog({ file })]
  const before = one.changed()
  await other.write((db) => addRoom(db, { slug: 'a', name: 'A' }, 1))
  await other.close()
  expect(one.changed()).not.toBe(before)
})
