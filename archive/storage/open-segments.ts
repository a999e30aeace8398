import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { RecordingId, SpanId } from '../core/ids.ts'
import { type MediaFile, mediaKey } from '../hls/address.ts'
import { syncFolder } from './atomic-file.ts'
import { writeAll } from './journal-file.ts'
import { openSuffix, type PartPlace, spoolFile } from './spool-folder.ts'

interface OpenSegment {
  readonly file: string
  readonly handle: FileHandle
  sizeBytes: number
}

/** The segments of a recording whose parts are coming in. A segment that lost a part is given up as a whole. */
export class OpenSegments {
  readonly #spoolDir: string
  readonly #recording: RecordingId
  readonly #open = new Map<string, OpenSegment>()
  readonly #givenUp = new Set<string>()

  constructor(spoolDir: string, recording: RecordingId) {
    this.#spoolDir = spoolDir
    this.#recording = recording
  }

  isGivenUp(place: Omit<PartPlace, 'p'>): boolean {
    return this.#givenUp.has(this.#keyOf(place))
  }

  /** Appends a part. @throws the system's error; the segment is then given up and its room freed. */
  async append(place: PartPlace, bytes: Uint8Array): Promise<void> {
    const key = this.#keyOf(place)
    if (this.#givenUp.has(key)) return
    try {
      const segment = this.#open.get(key) ?? (await this.#begin(key, place))
      await writeAll(segment.handle, bytes, segment.sizeBytes)
      segment.sizeBytes += bytes.length
    } catch (error) {
      await this.giveUp(place)
      throw error
    }
  }

  /** Whether the segment stands complete under its own name, on disk. @throws the system's error, the segment given up. */
  async finish(place: Omit<PartPlace, 'p'>, sizeBytes: number): Promise<boolean> {
    const key = this.#keyOf(place)
    const segment = this.#open.get(key)
    if (segment?.sizeBytes !== sizeBytes) {
      await this.giveUp(place)
      this.#givenUp.delete(key)
      return false
    }
    try {
      await segment.handle.datasync()
      await segment.handle.close()
      await rename(segment.file + openSuffix, segment.file)
      await syncFolder(dirname(segment.file))
      return true
    } catch (error) {
      await this.giveUp(place)
      throw error
    } finally {
      this.#open.delete(key)
      this.#givenUp.delete(key)
    }
  }

  async giveUp(place: Omit<PartPlace, 'p'>): Promise<void> {
    const key = this.#keyOf(place)
    const segment = this.#open.get(key)
    this.#givenUp.add(key)
    this.#open.delete(key)
    if (segment) await discard(segment)
  }

  /** Nothing more comes of this span: what was never finished is removed, a replay without it may be public already. */
  async endSpan(span: SpanId): Promise<void> {
    const prefix = `${this.#recording}/${span}/`
    for (const [key, segment] of this.#open) {
      if (!key.startsWith(prefix)) continue
      this.#open.delete(key)
      await discard(segment)
    }
    for (const key of this.#givenUp) if (key.startsWith(prefix)) this.#givenUp.delete(key)
  }

  /** Closes files as they are; recovery finishes them. */
  async close(): Promise<void> {
    for (const segment of this.#open.values()) await segment.handle.close().catch(() => undefined)
    this.#open.clear()
  }

  async #begin(key: string, place: PartPlace): Promise<OpenSegment> {
    const file = spoolFile(this.#spoolDir, this.#fileOf(place))
    await mkdir(dirname(file), { recursive: true })
    const segment = { file, handle: await open(file + openSuffix, 'wx'), sizeBytes: 0 }
    this.#open.set(key, segment)
    return segment
  }

  #fileOf({ span, rendition, n }: Omit<PartPlace, 'p'>): MediaFile {
    return { recording: this.#recording, span, rendition, n }
  }

  #keyOf(place: Omit<PartPlace, 'p'>): string {
    return mediaKey(this.#fileOf(place))
  }
}

async function discard(segment: OpenSegment): Promise<void> {
  await segment.handle.close().catch(() => undefined)
  await rm(segment.file + openSuffix, { force: true }).catch(() => undefined)
}
