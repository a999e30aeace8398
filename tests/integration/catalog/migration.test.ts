import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { openCatalog } from '#archive/catalog/catalog.ts'
import { type Migration, migrate } from '#archive/catalog/migrate.ts'
import { addRoom, listRooms } from '#archive/catalog/rooms.ts'
import { run } from './processes.ts'
import { temporaryFolder } from './small-town.ts'

const first: Migration = {
  name: 'first',
  up: async (sql) => {
    await sql.schema.createTable('thing').addColumn('name', 'text').execute()
  },
}
const second: Migration = {
  name: 'second',
  up: async (sql) => {
    await sql.schema.alterTable('thing').addColumn('colour', 'text').execute()
  },
}
const failing: Migration = {
  name: 'failing',
  up: async (sql) => {
    await sql.schema.createTable('half').addColumn('name', 'text').execute()
    throw new Error('no further')
  },
}

function newFile(): string {
  return join(temporaryFolder(), 'catalogue.sqlite')
}

function inspect<T>(file: string, look: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(file)
  try {
    return look(db)
  } finally {
    db.close()
  }
}

test('an existing catalogue is copied beside itself, with its content, before it is migrated', async () => {
  const file = newFile()
  await migrate(file, [first], 1)
  inspect(file, (db) => db.exec("INSERT INTO thing (name) VALUES ('kept')"))
  expect(existsSync(`${file}.before-2`)).toBe(false)
  await migrate(file, [first, second], 2)
  expect(inspect(`${file}.before-2`, (db) => db.prepare('SELECT * FROM thing').all())).toEqual([{ name: 'kept' }])
  expect(inspect(file, (db) => db.prepare('SELECT * FROM thing').all())).toEqual([{ name: 'kept', colour: null }])
})

test('a migration that fails leaves the catalogue as it was, and the next attempt starts over', async () => {
  const file = newFile()
  await migrate(file, [first], 1)
  await expect(migrate(file, [first, failing], 2)).rejects.toThrow('no further')
  expect(inspect(file, (db) => db.prepare('SELECT number, name FROM migration').all())).toEqual([
    { number: 1, name: 'first' },
  ])
  await migrate(file, [first, second], 3)
  expect(inspect(file, (db) => db.prepare('SELECT max(number) AS last FROM migration').get())).toEqual({ last: 2 })
})

test('a catalogue of a newer version stops an older program', async () => {
  const file = newFile()
  await migrate(file, [first, second], 1)
  await expect(migrate(file, [first], 2)).rejects.toMatchObject({ code: 'CATALOGUE_NEWER' })
})

test('opening waits while another process migrates', async () => {
  const file = newFile()
  const [held, started, trying] = [signal(), signal(), signal()]
  const slow: Migration = {
    name: 'slow',
    up: async (sql) => {
      await first.up(sql)
      started.resolve()
      await held.promise
    },
  }
  const migrating = migrate(file, [slow], 1)
  await started.promise
  let opened = false
  // In a process of its own: SQLite waits for a lock by holding up the thread that asks.
  const opening = run('migrate-once.ts', [file], trying.resolve).then(() => {
    opened = true
  })
  await trying.promise
  expect(opened).toBe(false)
  held.resolve()
  await Promise.all([migrating, opening])
  expect(inspect(file, (db) => db.prepare('SELECT name FROM migration').all())).toEqual([{ name: 'slow' }])
})

function signal() {
  return Promise.withResolvers<void>()
}

test.each([
  [
    'a file that is no database',
    (file: string) => writeFileSync(file, 'not a database, but long enough to be read as one'),
  ],
  ['a folder that cannot be made', (file: string) => writeFileSync(file.replace('/catalogue.sqlite', ''), '')],
])('%s is unreadable', async (_what, spoil) => {
  const file = join(temporaryFolder(), 'inner', 'catalogue.sqlite')
  const path = _what.startsWith('a file') ? newFile() : file
  spoil(path)
  await expect(openCatalog({ file: path })).rejects.toMatchObject({ code: 'CATALOGUE_UNREADABLE' })
})

test('opening an up-to-date catalogue again changes and copies nothing', async () => {
  const file = newFile()
  const catalog = await openCatalog({ file })
  await catalog.write((db) => addRoom(db, { slug: 'a', name: 'A' }, 1))
  await catalog.close()
  const again = await openCatalog({ file })
  expect([again.town, (await again.read(listRooms)).map(({ slug }) => slug)]).toEqual([catalog.town, ['a']])
  await again.close()
  expect(existsSync(`${file}.before-1`)).toBe(false)
})
