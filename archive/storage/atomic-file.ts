import { randomBytes } from 'node:crypto'
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Marks files in the making; they may be deleted whenever nobody writes. */
export const temporarySuffix = '.partial'

/**
 * Writes a file so that after any crash either the old or the new content stands there whole: temporary file, fsync,
 * rename, fsync of the folder (rename(2) alone is atomic, not durable). The folder is made when missing.
 */
export async function writeAtomically(
  file: string,
  content: Uint8Array | string | AsyncIterable<Uint8Array>,
): Promise<void> {
  const folder = dirname(file)
  await mkdir(folder, { recursive: true })
  const temporary = `${file}.${randomBytes(6).toString('hex')}${temporarySuffix}`
  try {
    const handle = await open(temporary, 'wx')
    try {
      await writeFile(handle, content)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, file)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncFolder(folder)
}

/** Makes names that were created or renamed in `folder` survive a power cut (fsync(2)). */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** The code of a system error, `ENOSPC` for instance; null for anything else. */
export function systemCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}

/** The value, or null when the file or folder is not there. */
export async function unlessAbsent<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading
  } catch (error) {
    const code = systemCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw error
  }
}
