import { alarmSchema } from './alarm-schema.ts'
import { firstSchema } from './first-schema.ts'
import type { Migration } from './migrate.ts'

/** In order, forward only: a migration that has left this repository is never changed. */
export const migrations: readonly Migration[] = [firstSchema, alarmSchema]
