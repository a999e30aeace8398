import type { FileHandle } from 'node:fs/promises'
import { AppError } from '../core/errors.ts'
import type { ByteSpan } from './media-store.ts'

const chunkBytes = 256 * 1024

/** One chunk at a time, so that a slow reader holds no more than one in memory. Closes the file in the end. */
export async function* readRange(handle: FileHandle, sizeBytes: number, range?: ByteSpan): AsyncGenerator<Uint8Array> {
  try {
    let at = range?.first ?? 0
    const end = Math.min(sizeBytes, (range?.last ?? sizeBytes - 1) + 1)
    while (at < end) {
      const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, end - at))
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, at)
      if (bytesRead === 0)
        throw new AppError('STORE_FAILED', { message: 'An object became shorter while it was read.' })
      at += bytesRead
      yield chunk.subarray(0, bytesRead)
    }
  } finally {
    await handle.close()
  }
}
