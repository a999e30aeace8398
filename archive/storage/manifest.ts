import { type Outcome, refuse } from '../core/errors.ts'
import type { RecordingId } from '../core/ids.ts'
import type { JournalEvent, PartFacts } from '../hls/journal-event.ts'
import type { RenditionSpec } from '../hls/packaging.ts'
import type { Timeline, TimelineEntry, TimelineRendition, TimelineSpan } from '../hls/timeline.ts'
import { isJournalEvent } from './journal-text.ts'

/** What `format` says in every manifest. */
export const manifestFormat = 'hemicycle-recording'

type EventOf<T extends JournalEvent['type']> = Extract<JournalEvent, { type: T }>

/** Description of a recording, complete without a database; the README of this folder documents every field. */
export interface Manifest {
  readonly format: typeof manifestFormat
  readonly version: 1
  readonly recording: EventOf<'recording'>['recording']
  readonly town: EventOf<'recording'>['town']
  readonly meeting: EventOf<'recording'>['meeting']
  readonly slug: string
  readonly createdAtMs: number
  readonly endedAtMs: number | null
  readonly nextNumber: number
  readonly spans: readonly ManifestSpan[]
}

export interface ManifestSpan {
  readonly span: EventOf<'span'>['span']
  readonly index: number
  readonly wallMs: number
  readonly mediaStartMs: number
  readonly master: EventOf<'span'>['master']
  readonly end: { readonly durationMs: number; readonly cause: EventOf<'span-end'>['cause'] } | null
  readonly renditions: readonly ManifestRendition[]
}

export interface ManifestRendition {
  readonly spec: RenditionSpec
  readonly init: { readonly sizeBytes: number; readonly sha256: string } | null
  readonly segments: readonly (ManifestSegment | ManifestGap)[]
}

export interface ManifestSegment {
  readonly n: number
  readonly startTicks: number
  readonly durationTicks: number
  readonly sizeBytes: number
  readonly sha256: string
  /** [durationTicks, sizeBytes, 1 when independent else 0] */
  readonly parts: readonly (readonly [number, number, number])[]
}

export interface ManifestGap {
  readonly n: number
  readonly gapMs: number
}

/** Null before the recording has been named. */
export function manifestOf(timeline: Timeline): Manifest | null {
  const { facts } = timeline
  if (!facts) return null
  return {
    format: manifestFormat,
    version: 1,
    recording: facts.recording,
    town: facts.town,
    meeting: facts.meeting,
    slug: facts.slug,
    createdAtMs: facts.atMs,
    endedAtMs: timeline.endedAtMs,
    nextNumber: timeline.nextNumber,
    spans: timeline.spans.map(manifestSpan),
  }
}

function manifestSpan({ span, index, wallMs, mediaStartMs, master, end, renditions }: TimelineSpan): ManifestSpan {
  return { span, index, wallMs, mediaStartMs, master, end, renditions: [...renditions.values()].map(manifestRendition) }
}

function manifestRendition({ spec, init, entries }: TimelineRendition): ManifestRendition {
  return { spec, init, segments: [...entries.values()].sort((a, b) => a.n - b.n).map(manifestEntry) }
}

function manifestEntry(entry: TimelineEntry): ManifestSegment | ManifestGap {
  if (entry.kind === 'gap') return { n: entry.n, gapMs: entry.durationMs }
  const { n, startTicks, durationTicks, sizeBytes, sha256 } = entry
  const parts = entry.parts.map((part) => [part.durationTicks, part.sizeBytes, part.independent ? 1 : 0] as const)
  return { n, startTicks, durationTicks, sizeBytes, sha256, parts }
}

/**
 * The events that describe the same recording; `manifestOf` their timeline is the manifest again.
 * Refusal: RECORDING_UNREADABLE.
 */
export function eventsOfManifest(text: string): Outcome<JournalEvent[]> {
  try {
    const manifest = JSON.parse(text) as Manifest
    if (manifest.format !== manifestFormat || manifest.version !== 1)
      return unreadable('it is not a manifest of version 1')
    const events = [...manifestEvents(manifest)]
    return events.every(isJournalEvent) ? { ok: true, value: events } : unreadable('a field is missing or wrong')
  } catch (error) {
    return unreadable(error instanceof Error ? error.message : 'it is not JSON')
  }
}

function* manifestEvents(manifest: Manifest): Generator<JournalEvent> {
  const { recording, town, meeting, slug, createdAtMs: atMs, endedAtMs } = manifest
  yield { type: 'recording', version: 1, recording: recording as RecordingId, town, meeting, slug, atMs }
  yield { type: 'numbers', upTo: manifest.nextNumber }
  for (const of of manifest.spans) {
    const { span, index, wallMs, mediaStartMs, master, end } = of
    const renditions = of.renditions.map(({ spec }) => spec)
    yield { type: 'span', span, index, wallMs, mediaStartMs, master, renditions }
    for (const rendition of of.renditions) yield* renditionEvents(span, rendition)
    if (end) yield { type: 'span-end', span, ...end }
  }
  if (endedAtMs !== null) yield { type: 'ended', atMs: endedAtMs }
}

function* renditionEvents(span: ManifestSpan['span'], of: ManifestRendition): Generator<JournalEvent> {
  const rendition = of.spec.name
  if (of.init) yield { type: 'init', span, rendition, ...of.init }
  for (const segment of of.segments) {
    if ('gapMs' in segment) {
      yield { type: 'gap', span, rendition, n: segment.n, durationMs: segment.gapMs }
    } else {
      yield { type: 'segment', span, rendition, ...segment, parts: segment.parts.map(partFacts) }
    }
  }
}

function partFacts([durationTicks, sizeBytes, independent]: readonly [number, number, number]): PartFacts {
  return { durationTicks, sizeBytes, independent: independent === 1 }
}

function unreadable(why: string): Outcome<never> {
  return refuse('RECORDING_UNREADABLE', { message: `The manifest cannot be read: ${why}.` })
}
