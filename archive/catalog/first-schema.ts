import { type CreateTableBuilder, sql as literal, type Transaction } from 'kysely'
import type { Migration } from './migrate.ts'

type Columns = readonly string[]

/**
 * Columns as `name type`, followed by `?` where the value may be missing; ` -> table` makes a reference. Only types
 * that SQLite and PostgreSQL share; `bigint` because milliseconds since 1970 overflow PostgreSQL's integer.
 */
const tables: Readonly<Record<string, { columns: Columns; primary?: Columns; unique?: readonly Columns[] }>> = {
  town: { columns: ['id text', 'slug text', 'created_at_ms bigint'], unique: [['slug']] },
  room: {
    columns: [
      'id text',
      'town text -> town',
      'slug text',
      'name text',
      'keep_unplanned integer',
      'created_at_ms bigint',
    ],
    unique: [['town', 'slug']],
  },
  body: {
    columns: [
      ...['id text', 'town text -> town', 'slug text', 'name text', 'kind text', 'publishes_on_end integer'],
      ...['usual_room text? -> room', 'created_at_ms bigint'],
    ],
    unique: [['town', 'slug']],
  },
  account: {
    columns: ['id text', 'town text -> town', 'email text', 'name text', 'created_at_ms bigint'],
    unique: [['town', 'email']],
  },
  stream_key: {
    columns: [
      'id text',
      'town text -> town',
      'room text -> room',
      'hash text',
      'created_at_ms bigint',
      'revoked_at_ms bigint?',
    ],
    unique: [['hash']],
  },
  meeting: {
    columns: [
      ...['id text', 'town text -> town', 'slug text', 'title text', 'body text -> body', 'room text? -> room'],
      ...['state text', 'state_since_ms bigint', 'planned_local text', 'time_zone text', 'planned_start_ms bigint'],
      ...['local_date text', 'recording text?', 'current_item text?', 'resumes_at_ms bigint?', 'auto_start integer'],
      ...['unlisted integer', 'revision integer', 'started_at_ms bigint?', 'ended_at_ms bigint?'],
      ...['published_at_ms bigint?', 'created_at_ms bigint'],
    ],
    unique: [['town', 'slug']],
  },
  meeting_session: {
    columns: [
      ...['id text', 'town text -> town', 'meeting text -> meeting', 'planned_local text', 'planned_start_ms bigint'],
      ...['started_at_ms bigint?', 'ended_at_ms bigint?'],
    ],
  },
  agenda_item: {
    columns: [
      ...['id text', 'town text -> town', 'meeting text -> meeting', 'position integer', 'number text', 'title text'],
      ...['depth integer', 'is_public integer'],
    ],
    unique: [['meeting', 'number']],
  },
  mark: {
    columns: [
      ...['id text', 'town text -> town', 'meeting text -> meeting', 'kind text', 'item text? -> agenda_item'],
      ...['undoes text?', 'at_ms bigint', 'pressed_at_ms bigint', 'by_whom text', 'source text'],
    ],
  },
  command: {
    columns: [
      ...['id text', 'town text -> town', 'meeting text -> meeting', 'at_ms bigint', 'by_whom text', 'source text'],
      ...['action_json text', 'outcome_json text'],
    ],
  },
  recording: {
    columns: [
      ...['id text', 'town text -> town', 'meeting text -> meeting', 'created_at_ms bigint', 'ended_at_ms bigint?'],
      'withdrawn_at_ms bigint?',
    ],
  },
  span: {
    columns: [
      ...['id text', 'town text -> town', 'recording text -> recording', 'index integer', 'wall_ms bigint'],
      ...['media_start_ms bigint', 'duration_ms bigint?', 'master text', 'cause text?'],
    ],
  },
  publish_session: {
    columns: [
      ...['id text', 'town text -> town', 'room text -> room', 'key text? -> stream_key', 'meeting text? -> meeting'],
      ...['address text?', 'encoder text?', 'opened_at_ms bigint', 'closed_at_ms bigint?', 'cause text?'],
    ],
  },
  incident: {
    columns: [
      ...['id text', 'town text -> town', 'room text? -> room', 'meeting text? -> meeting', 'recording text?'],
      ...['code text', 'detail text', 'opened_at_ms bigint', 'closed_at_ms bigint?'],
    ],
  },
  transcript: {
    columns: [
      ...['id text', 'town text -> town', 'meeting text -> meeting', 'language text', 'origin text'],
      ...['reviewed integer', 'created_at_ms bigint'],
    ],
    unique: [['meeting', 'language', 'origin']],
  },
  cue: {
    columns: [
      ...['transcript text -> transcript', 'town text -> town', 'position integer'],
      ...['start_ms bigint', 'end_ms bigint', 'text text'],
    ],
    primary: ['transcript', 'position'],
  },
  job: {
    columns: [
      ...['id text', 'town text -> town', 'kind text', 'key text', 'payload_json text', 'priority integer'],
      ...['state text', 'run_after_ms bigint', 'attempts integer', 'lease text?', 'leased_until_ms bigint?'],
      ...['last_error text?', 'created_at_ms bigint', 'finished_at_ms bigint?'],
    ],
  },
  audit: {
    columns: [
      'id text',
      'town text -> town',
      'at_ms bigint',
      'by_whom text',
      'action text',
      'subject text',
      'detail text',
    ],
  },
}

const indexes: readonly (readonly [table: string, columns: Columns])[] = [
  ['stream_key', ['room']],
  ['meeting', ['town', 'planned_start_ms']],
  ['meeting', ['town', 'state']],
  ['meeting_session', ['meeting']],
  ['agenda_item', ['meeting', 'position']],
  ['mark', ['meeting']],
  ['recording', ['meeting']],
  ['span', ['recording']],
  ['publish_session', ['room', 'closed_at_ms']],
  ['incident', ['meeting']],
  ['job', ['town', 'state', 'run_after_ms']],
]

export const firstSchema: Migration = {
  name: 'first schema',
  up: async (sql) => {
    for (const [name, { columns, primary = ['id'], unique = [] }] of Object.entries(tables)) {
      let table: CreateTableBuilder<string, string> = sql.schema.createTable(name)
      for (const column of columns) table = withColumn(table, column)
      table = table.addPrimaryKeyConstraint(`${name}_key`, [...primary])
      for (const set of unique) table = table.addUniqueConstraint(`${name}_${set.join('_')}_unique`, [...set])
      await table.execute()
    }
    for (const [table, columns] of indexes) await createIndex(sql, table, columns)
    await sql.schema
      .createIndex('job_waiting_key')
      .unique()
      .on('job')
      .columns(['town', 'key'])
      .where(literal<string>`state`, '=', 'waiting')
      .execute()
  },
}

const columnPattern = /^(?<name>\w+) (?<type>text|integer|bigint)(?<optional>\?)?(?: -> (?<target>\w+))?$/

function withColumn(table: CreateTableBuilder<string, string>, text: string): CreateTableBuilder<string, string> {
  const { name = '', type, optional, target } = columnPattern.exec(text)?.groups ?? {}
  if (type !== 'text' && type !== 'integer' && type !== 'bigint') throw new TypeError(`no column: ${text}`)
  return table.addColumn(name, type, (column) => {
    const sized = optional ? column : column.notNull()
    return target ? sized.references(`${target}.id`) : sized
  })
}

async function createIndex(sql: Transaction<unknown>, table: string, columns: Columns): Promise<void> {
  await sql.schema
    .createIndex(`${table}_by_${columns.join('_')}`)
    .on(table)
    .columns([...columns])
    .execute()
}
