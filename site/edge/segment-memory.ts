import type { SpanId } from '#archive/core/ids.ts'
import type { MediaFile, PartFile } from '#archive/hls/address.ts'
import type { SegmentEvent } from '#archive/hls/journal-event.ts'
import type { RenditionName } from '#archive/hls/packaging.ts'

/** Complete segments kept of each rendition: 12 s and more, what a player at the live edge asks for. */
const keptSegments = 4

export interface ArrivingPart {
  readonly span: SpanId
  readonly rendition: RenditionName
  readonly n: number
  readonly p: number
}

interface OpenSegment {
  readonly span: SpanId
  readonly n: number
  readonly parts: Buffer[]
}

interface CompleteSegment {
  readonly bytes: Buffer
  /** Views on `bytes`. */
  readonly parts: readonly Buffer[]
}

/** The newest bytes of one recording. Bounded: one open segment and a few complete ones for each rendition. */
export class SegmentMemory {
  readonly #inits = new Map<string, Buffer>()
  readonly #open = new Map<RenditionName, OpenSegment>()
  readonly #complete = new Map<RenditionName, Map<string, CompleteSegment>>()

  takeInit(span: SpanId, rendition: RenditionName, bytes: Uint8Array): void {
    this.#inits.set(`${span}/${rendition}`, Buffer.from(bytes))
  }

  takePart({ span, rendition, n, p }: ArrivingPart, bytes: Uint8Array): void {
    const open = this.#open.get(rendition)
    const isNext = open?.span === span && open.n === n && open.parts.length === p
    // Copied: the frame it came in is larger and would be kept whole.
    if (isNext) open.parts.push(Buffer.from(bytes))
    else if (p === 0) this.#open.set(rendition, { span, n, parts: [Buffer.from(bytes)] })
    else this.#open.delete(rendition)
  }

  /** Keeps the segment when all of its parts came by. */
  takeSegment({ span, rendition, n, sizeBytes }: SegmentEvent): void {
    const open = this.#open.get(rendition)
    if (open?.span !== span || open.n !== n) return
    this.#open.delete(rendition)
    const bytes = Buffer.concat(open.parts)
    if (bytes.length !== sizeBytes) return
    const complete = this.#complete.get(rendition) ?? new Map<string, CompleteSegment>()
    this.#complete.set(rendition, complete)
    complete.set(`${span}/${n}`, { bytes, parts: viewsOf(bytes, open.parts) })
    for (const oldest of complete.keys()) {
      if (complete.size <= keptSegments) break
      complete.delete(oldest)
    }
  }

  find({ span, rendition, n }: MediaFile): Buffer | null {
    if (n === null) return this.#inits.get(`${span}/${rendition}`) ?? null
    return this.#complete.get(rendition)?.get(`${span}/${n}`)?.bytes ?? null
  }

  findPart({ span, rendition, n, p }: PartFile): Buffer | null {
    const open = this.#open.get(rendition)
    if (open?.span === span && open.n === n) return open.parts[p] ?? null
    return this.#complete.get(rendition)?.get(`${span}/${n}`)?.parts[p] ?? null
  }
}

function viewsOf(bytes: Buffer, parts: readonly Buffer[]): Buffer[] {
  let end = 0
  return parts.map(({ length }) => {
    const start = end
    end += length
    return bytes.subarray(start, end)
  })
}
