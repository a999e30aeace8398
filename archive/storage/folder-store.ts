import { createHash } from 'node:crypto'
import type { Dirent } from 'node:fs'
import { open, opendir, readdir, rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { AppError } from '../core/errors.ts'
import { temporarySuffix, unlessAbsent, writeAtomically } from './atomic-file.ts'
import { type ByteSpan, checkStoreKey, type MediaStore, type StoredMedia, type StoredObject } from './media-store.ts'
import { readRange } from './read-range.ts'

/** A media store in a folder of this machine; the folder is made by the first `put`. */
export function createFolderStore(folder: string): MediaStore {
  const root = resolve(folder)
  const fileOf = (key: string) => {
    checkStoreKey(key)
    return join(root, key)
  }
  return {
    async put(key, content) {
      const file = fileOf(key)
      const hash = createHash('sha256')
      let sizeBytes = 0
      const counted = async function* () {
        for await (const chunk of content instanceof Uint8Array ? [content] : content) {
          hash.update(chunk)
          sizeBytes += chunk.length
          yield chunk
        }
      }
      await guarded(writeAtomically(file, counted()))
      return { sizeBytes, sha256: hash.digest('hex') }
    },
    get: (key, range) => guarded(openFile(fileOf(key), range)),
    async stat(key) {
      const facts = await guarded(unlessAbsent(stat(fileOf(key))))
      return facts?.isFile() ? { key, sizeBytes: facts.size } : null
    },
    async *list(prefix) {
      if (prefix !== '') checkStoreKey(prefix)
      yield* walk(root, prefix)
    },
    async delete(prefix) {
      const file = fileOf(prefix)
      const facts = await guarded(unlessAbsent(stat(file)))
      if (!facts) return 0
      let count = facts.isFile() ? 1 : 0
      if (!facts.isFile()) for await (const _ of walk(root, prefix)) count++
      await guarded(rm(file, { recursive: true, force: true }))
      await removeEmptyFolders(dirname(file), root)
      return count
    },
  }
}

async function openFile(file: string, range: ByteSpan | undefined): Promise<StoredMedia | null> {
  const handle = await unlessAbsent(open(file, 'r'))
  if (!handle) return null
  const facts = await handle.stat()
  if (!facts.isFile()) {
    await handle.close()
    return null
  }
  return { sizeBytes: facts.size, content: readRange(handle, facts.size, range), cancel: () => handle.close() }
}

async function* walk(root: string, prefix: string): AsyncGenerator<StoredObject> {
  const entries = await guarded(unlessAbsent(readdir(join(root, prefix), { withFileTypes: true })))
  for (const entry of entries?.sort(byKey) ?? []) {
    const key = prefix === '' ? entry.name : `${prefix}/${entry.name}`
    if (entry.isDirectory()) {
      yield* walk(root, key)
    } else if (entry.isFile() && !entry.name.endsWith(temporarySuffix)) {
      const facts = await unlessAbsent(stat(join(root, key)))
      if (facts) yield { key, sizeBytes: facts.size }
    }
  }
}

/** The order of whole keys: a folder sorts as its name with a slash. */
function byKey(a: Dirent, b: Dirent): number {
  const [left, right] = [a, b].map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
  return (left ?? '') < (right ?? '') ? -1 : 1
}

async function removeEmptyFolders(folder: string, root: string): Promise<void> {
  for (let at = folder; at !== root && at.startsWith(root); at = dirname(at)) {
    const listing = await unlessAbsent(opendir(at))
    const first = await listing?.read()
    await listing?.close()
    if (first !== null) return
    // Another writer may fill it between the two calls: rmdir then refuses, which is what is wanted.
    const removed = await rmdir(at).then(
      () => true,
      () => false,
    )
    if (!removed) return
  }
}

async function guarded<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new AppError('STORE_FAILED', { message: 'The folder of the media store cannot be used.', cause })
  }
}
