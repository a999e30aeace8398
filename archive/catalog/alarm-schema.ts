import type { Migration } from './migrate.ts'

/** Alarms of the monitor, beside the incidents that they opened. */
export const alarmSchema: Migration = {
  name: 'alarms',
  up: async (sql) => {
    await sql.schema
      .createTable('alarm')
      .addColumn('id', 'text', (column) => column.notNull().primaryKey())
      .addColumn('town', 'text', (column) => column.notNull().references('town.id'))
      .addColumn('meeting', 'text', (column) => column.notNull().references('meeting.id'))
      .addColumn('incident', 'text', (column) => column.notNull().references('incident.id'))
      .addColumn('code', 'text', (column) => column.notNull())
      .addColumn('detail', 'text', (column) => column.notNull())
      .addColumn('since_ms', 'bigint', (column) => column.notNull())
      .addColumn('told_at_ms', 'bigint')
      .addColumn('acknowledged_at_ms', 'bigint')
      .addColumn('acknowledged_by', 'text')
      .addColumn('closed_at_ms', 'bigint')
      .execute()
    await sql.schema.createIndex('alarm_by_meeting').on('alarm').columns(['meeting', 'closed_at_ms']).execute()
  },
}
