import { createHash } from 'node:crypto'
import type { SpanId } from '#archive/core/ids.ts'
import type { PartFacts, SegmentEvent } from '#archive/hls/journal-event.ts'
import type { RenditionSpec } from '#archive/hls/packaging.ts'
import { partBytes } from './fragments.ts'
import { sourceSpec } from './journal.ts'

export interface WrittenSegment {
  readonly event: SegmentEvent
  readonly parts: readonly Uint8Array[]
  readonly bytes: Buffer
}

export interface SegmentPlan {
  readonly span: SpanId
  readonly n: number
  readonly index: number
  readonly spec?: RenditionSpec
  readonly partCount?: number
  readonly payloadBytes?: number
}

/** Segment number `n`, the `index`-th of its span: parts of 0.4 s, the first one independent. */
export function planSegment(plan: SegmentPlan): WrittenSegment {
  const { span, n, index, spec = sourceSpec, partCount = 10, payloadBytes = 1000 } = plan
  const durationTicks = spec.timescale * 0.4
  const startTicks = index * 10 * durationTicks
  const parts = Array.from({ length: partCount }, (_, p) =>
    partBytes(spec, {
      startTicks: startTicks + p * durationTicks,
      durationTicks,
      independent: p === 0,
      payloadBytes,
    }),
  )
  const facts: PartFacts[] = parts.map((bytes, p) => ({
    durationTicks,
    sizeBytes: bytes.length,
    independent: p === 0 || spec.kind === 'audio',
  }))
  const bytes = Buffer.concat(parts)
  const event: SegmentEvent = {
    type: 'segment',
    span,
    rendition: spec.name,
    n,
    startTicks,
    durationTicks: durationTicks * partCount,
    sizeBytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    parts: facts,
  }
  return { event, parts, bytes }
}

export interface SegmentTarget {
  part(place: { span: SpanId; rendition: SegmentEvent['rendition']; n: number; p: number }, bytes: Uint8Array): void
  event(event: SegmentEvent): void
}

export function writeSegment(spool: SegmentTarget, { event, parts }: WrittenSegment): void {
  const { span, rendition, n } = event
  for (const [p, bytes] of parts.entries()) spool.part({ span, rendition, n, p }, bytes)
  spool.event(event)
}
