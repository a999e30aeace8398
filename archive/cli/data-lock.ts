import { accessSync, constants, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { AppError } from '../core/errors.ts'

/**
 * Takes the data folder for this process, and gives it back when called or when the process ends, however it ends: two
 * products on one folder would take each other's sockets, recordings and stream keys.
 * @throws AppError DATA_IN_USE, DATA_UNWRITABLE
 */
export function lockDataFolder(dataDir: string): () => void {
  const folder = join(dataDir, 'run')
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o755 })
    accessSync(dataDir, constants.W_OK)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    accessSync(folder, constants.W_OK)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new AppError('DATA_UNWRITABLE', { message: `The data folder ${dataDir} cannot be used: ${why}.`, cause })
  }
  // SQLite's exclusive lock is the one lock of the operating system that Node reaches; a file with a pid in it would
  // outlive a crash and name a stranger.
  const lock = new DatabaseSync(join(folder, 'lock.sqlite'), { timeout: 0 })
  try {
    lock.exec('PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE')
  } catch (cause) {
    lock.close()
    throw new AppError('DATA_IN_USE', { message: `Hemicycle runs already on the data folder ${dataDir}.`, cause })
  }
  return () => lock.close()
}
