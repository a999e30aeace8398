import { mkdir } from 'node:fs/promises'
import { AppError } from '../core/errors.ts'
import type { RecordingId, SpanId } from '../core/ids.ts'
import { mediaKey } from '../hls/address.ts'
import type { JournalEvent, SegmentEvent } from '../hls/journal-event.ts'
import { systemCode, writeAtomically } from './atomic-file.ts'
import { freeBytes } from './free-space.ts'
import { JournalFile } from './journal-file.ts'
import { writeManifest } from './manifest-file.ts'
import { NumberReserve } from './number-reserve.ts'
import { OpenSegments } from './open-segments.ts'
import { journalFile, type PartPlace, spoolFile } from './spool-folder.ts'

export interface SpoolFault {
  readonly code: 'SPOOL_FULL' | 'SPOOL_FAILED'
  readonly detail: string
}

export interface SpoolOptions {
  readonly spoolDir: string
  readonly recording: RecordingId
  /** The first free number, from recovery; 0 for a new recording. */
  readonly nextNumber: number
  /** Recording has stopped; said once, until it has resumed. */
  readonly onFault: (fault: SpoolFault) => void
  readonly onResumed: () => void
  /** Bytes that may wait for a slow disk before segments are given up. */
  readonly maxQueuedBytes?: number
  /** Free bytes from which recording resumes on a disk that was full. */
  readonly resumeFreeBytes?: number
}

type Operation =
  | { readonly kind: 'event'; readonly event: JournalEvent; readonly init: Uint8Array | null }
  | { readonly kind: 'part'; readonly place: PartPlace; readonly bytes: Uint8Array }

type InitEvent = Extract<JournalEvent, { type: 'init' }>

const queueLimit = 64 * 1024 * 1024
/** Two segments of a rich source: less would fill the disk again at once. */
const resumeRoom = 8 * 1024 * 1024

let queuedInAll = 0

/** Bytes that wait for the disk, of every recording that this process writes. */
export function spoolQueuedBytes(): number {
  return queuedInAll
}

/**
 * Writes one recording into the spool: in order, never making the caller wait, never throwing. Disk trouble is reported and
 * survived: a segment that cannot be written whole is given up and becomes a `gap` line, journal lines wait in memory,
 * nothing that is complete is touched, and writing is tried again with every new segment.
 */
export class SpoolWriter {
  readonly #options: SpoolOptions
  readonly #journal: JournalFile
  readonly #segments: OpenSegments
  readonly #numbers: NumberReserve
  readonly #timescales = new Map<string, number>()
  readonly #unwrittenInits = new Map<string, { event: InitEvent; bytes: Uint8Array }>()
  #queue: Operation[] = []
  #queuedBytes = 0
  #draining: Promise<void> | null = null
  #fault: SpoolFault | null = null

  constructor(options: SpoolOptions) {
    this.#options = options
    this.#journal = new JournalFile(journalFile(options.spoolDir, options.recording))
    this.#segments = new OpenSegments(options.spoolDir, options.recording)
    this.#numbers = new NumberReserve(options.nextNumber, (upTo) => this.event({ type: 'numbers', upTo }))
  }

  /** `init` is the init section of an `init` event. */
  event(event: JournalEvent, init?: Uint8Array): void {
    this.#enqueue({ kind: 'event', event, init: init ?? null }, init?.length ?? 0)
  }

  part(place: PartPlace, bytes: Uint8Array): void {
    this.#enqueue({ kind: 'part', place, bytes }, bytes.length)
  }

  nextNumber(): number {
    return this.#numbers.take()
  }

  /** Everything given so far is on disk, or was reported. */
  async settled(): Promise<void> {
    while (this.#draining) await this.#draining
  }

  /** As `settled`; then closes all files. Nothing may be given after it. */
  async close(): Promise<void> {
    await this.settled()
    await this.#journal.flush().catch((error: unknown) => this.#report(faultOf(error)))
    await this.#segments.close()
    await this.#journal.close()
  }

  #enqueue(operation: Operation, bytes: number): void {
    if (operation.kind === 'part' && this.#queuedBytes + bytes > (this.#options.maxQueuedBytes ?? queueLimit)) {
      // The segment is short of a part, so that its end finds the wrong size and makes it a gap.
      this.#report({ code: 'SPOOL_FAILED', detail: `the disk is too slow: ${this.#queuedBytes} bytes wait for it` })
      return
    }
    this.#queue.push(operation)
    this.#queuedBytes += bytes
    queuedInAll += bytes
    this.#draining ??= this.#drain().finally(() => {
      this.#draining = null
    })
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue
      this.#queue = []
      for (const operation of batch) {
        await this.#perform(operation)
        const bytes = operation.kind === 'part' ? operation.bytes.length : (operation.init?.length ?? 0)
        this.#queuedBytes -= bytes
        queuedInAll -= bytes
      }
    }
  }

  async #perform(operation: Operation): Promise<void> {
    try {
      if (operation.kind === 'part') await this.#append(operation.place, operation.bytes)
      else await this.#take(operation.event, operation.init)
    } catch (error) {
      this.#report(faultOf(error))
    }
  }

  async #append(place: PartPlace, bytes: Uint8Array): Promise<void> {
    if (this.#segments.isGivenUp(place)) return
    if (place.p === 0) {
      if (this.#fault?.code === 'SPOOL_FULL' && !(await this.#hasRoom())) return this.#segments.giveUp(place)
      if (!(await this.#hasInit(place))) return this.#segments.giveUp(place)
    }
    await this.#segments.append(place, bytes)
  }

  async #take(event: JournalEvent, init: Uint8Array | null): Promise<void> {
    switch (event.type) {
      case 'span':
        for (const { name, timescale } of event.renditions) this.#timescales.set(`${event.span}/${name}`, timescale)
        break
      case 'init':
        if (!init) break
        this.#unwrittenInits.set(`${event.span}/${event.rendition}`, { event, bytes: init })
        await this.#writeInit(event)
        return
      case 'segment':
        return this.#finish(event)
      case 'span-end':
        await this.#segments.endSpan(event.span)
        this.#forgetSpan(event.span)
        break
      default:
    }
    this.#journal.add(event)
    await this.#journal.flush()
    if (event.type === 'numbers') this.#numbers.confirm(event.upTo)
    if (event.type === 'ended') await writeManifest(this.#options.spoolDir, this.#options.recording)
  }

  async #finish(event: SegmentEvent): Promise<void> {
    let isWhole = false
    try {
      isWhole = await this.#segments.finish(event, event.sizeBytes)
    } finally {
      this.#journal.add(isWhole ? event : this.#gapOf(event))
    }
    await this.#journal.flush()
    if (isWhole) this.#resume()
  }

  #gapOf({ span, rendition, n, durationTicks }: SegmentEvent): JournalEvent {
    const timescale = this.#timescales.get(`${span}/${rendition}`) ?? 1000
    return { type: 'gap', span, rendition, n, durationMs: (durationTicks * 1000) / timescale }
  }

  /** Segments without their init section could never be played. */
  async #hasInit({ span, rendition }: PartPlace): Promise<boolean> {
    const waiting = this.#unwrittenInits.get(`${span}/${rendition}`)
    if (waiting) await this.#writeInit(waiting.event)
    return !this.#unwrittenInits.has(`${span}/${rendition}`)
  }

  async #writeInit(event: InitEvent): Promise<void> {
    const key = `${event.span}/${event.rendition}`
    const waiting = this.#unwrittenInits.get(key)
    if (!waiting) return
    const file = { recording: this.#options.recording, span: event.span, rendition: event.rendition, n: null }
    try {
      await writeAtomically(spoolFile(this.#options.spoolDir, file), waiting.bytes)
    } catch (error) {
      throw new AppError('SPOOL_FAILED', { message: `${mediaKey(file)} cannot be written`, cause: error })
    }
    this.#unwrittenInits.delete(key)
    this.#journal.add(event)
    await this.#journal.flush()
  }

  #forgetSpan(span: SpanId): void {
    for (const key of [...this.#unwrittenInits.keys()]) if (key.startsWith(span)) this.#unwrittenInits.delete(key)
    for (const key of [...this.#timescales.keys()]) if (key.startsWith(span)) this.#timescales.delete(key)
  }

  async #hasRoom(): Promise<boolean> {
    await mkdir(this.#options.spoolDir, { recursive: true })
    return (await freeBytes(this.#options.spoolDir)) >= (this.#options.resumeFreeBytes ?? resumeRoom)
  }

  #report(fault: SpoolFault): void {
    if (this.#fault) return
    this.#fault = fault
    this.#options.onFault(fault)
  }

  #resume(): void {
    if (!this.#fault) return
    this.#fault = null
    this.#options.onResumed()
  }
}

function faultOf(error: unknown): SpoolFault {
  const cause = error instanceof AppError && error.cause !== undefined ? error.cause : error
  const code = systemCode(cause)
  const detail = error instanceof Error ? error.message : String(error)
  return { code: code === 'ENOSPC' || code === 'EDQUOT' ? 'SPOOL_FULL' : 'SPOOL_FAILED', detail }
}
