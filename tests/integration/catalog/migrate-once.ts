import { migrate } from '#archive/catalog/migrate.ts'

/** Brings the catalogue named by the argument to schema 1; run as a process. */
const [file = ''] = process.argv.slice(2)
process.send?.('trying')
await migrate(
  file,
  [{ name: 'never applied', up: async (sql) => void (await sql.schema.createTable('thing').execute()) }],
  2,
)
