import type { RecordingId } from '../core/ids.ts'
import { type MediaFile, mediaKey } from '../hls/address.ts'
import { entryMs, type Timeline, type TimelineRendition, type TimelineSpan } from '../hls/timeline.ts'

/** A media file as the journal describes it. */
export interface InventoryFile {
  readonly file: MediaFile
  readonly key: string
  readonly sizeBytes: number
  /** Hex. */
  readonly sha256: string
  /** MediaTime at which the file's media ends; of an init section, at which its span begins. */
  readonly endMs: number
}

/** Every file that the journal says is whole, in the order of MediaTime. */
export function mediaInventory(timeline: Timeline, recording: RecordingId): InventoryFile[] {
  return timeline.spans
    .flatMap((span) => [...span.renditions.entries()].flatMap(([name, of]) => filesOf(recording, { span, name, of })))
    .toSorted((a, b) => a.endMs - b.endMs)
}

interface RenditionPlace {
  readonly span: TimelineSpan
  readonly name: MediaFile['rendition']
  readonly of: TimelineRendition
}

function filesOf(recording: RecordingId, { span, name, of }: RenditionPlace): InventoryFile[] {
  const place = { recording, span: span.span, rendition: name }
  const described = (n: number | null, facts: { sizeBytes: number; sha256: string }, endMs: number) => {
    const file = { ...place, n }
    return { file, key: mediaKey(file), sizeBytes: facts.sizeBytes, sha256: facts.sha256, endMs }
  }
  const init = of.init ? [described(null, of.init, span.mediaStartMs)] : []
  const segments = [...of.entries.values()].flatMap((entry) => {
    if (entry.kind === 'gap') return []
    const startMs = (entry.startTicks * 1000) / of.spec.timescale
    return [described(entry.n, entry, span.mediaStartMs + startMs + entryMs(of, entry))]
  })
  return [...init, ...segments]
}

/** MediaTime of the newest media of all. */
export function liveEdgeMs(inventory: readonly InventoryFile[]): number {
  return inventory.at(-1)?.endMs ?? 0
}
