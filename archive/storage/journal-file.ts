import { constants } from 'node:fs'
import { type FileHandle, mkdir, open, readFile, truncate } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { JournalEvent } from '../hls/journal-event.ts'
import { unlessAbsent } from './atomic-file.ts'
import { type JournalReading, journalLine, parseJournal } from './journal-text.ts'

export async function readJournal(file: string): Promise<JournalReading | null> {
  const bytes = await unlessAbsent(readFile(file))
  return bytes && parseJournal(bytes)
}

/** Written and synced in pieces of this size, so that a long backlog gets as far as there is room. */
const pieceCharacters = 64 * 1024

/**
 * Appends events to a journal. What could not be written is kept in order and goes out with the next `flush`; a line that was
 * written in part is cut off at once, so that the file always ends with a whole line.
 */
export class JournalFile {
  readonly #file: string
  #handle: FileHandle | null = null
  #sizeBytes = 0
  #waiting: string[] = []

  constructor(file: string) {
    this.#file = file
  }

  add(event: JournalEvent): void {
    this.#waiting.push(journalLine(event))
  }

  /** Everything that was added is on disk when this returns. @throws the system's error; nothing is lost by that. */
  async flush(): Promise<void> {
    while (this.#waiting.length > 0) {
      const handle = await this.#open()
      const { text, count } = this.#piece()
      const bytes = Buffer.from(text)
      try {
        await writeAll(handle, bytes, this.#sizeBytes)
        await handle.datasync()
      } catch (error) {
        await truncate(this.#file, this.#sizeBytes).catch(() => undefined)
        throw error
      }
      this.#sizeBytes += bytes.length
      this.#waiting = this.#waiting.slice(count)
    }
  }

  async close(): Promise<void> {
    await this.#handle?.close()
    this.#handle = null
  }

  #piece(): { text: string; count: number } {
    let text = ''
    let count = 0
    for (const line of this.#waiting) {
      text += line
      count++
      if (text.length >= pieceCharacters) break
    }
    return { text, count }
  }

  async #open(): Promise<FileHandle> {
    if (this.#handle) return this.#handle
    await mkdir(dirname(this.#file), { recursive: true })
    const handle = await open(this.#file, constants.O_RDWR | constants.O_CREAT)
    this.#sizeBytes = (await handle.stat()).size
    this.#handle = handle
    return handle
  }
}

/** One write may take less than it was given, on a full disk for instance; the next then says why. */
export async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}
