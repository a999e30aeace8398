import type { MeetingId, RecordingId, SpanId, TownId } from '#archive/core/ids.ts'
import type { JournalEvent } from '#archive/hls/journal-event.ts'
import type { AudioSpec, RenditionName, RenditionSpec, SpanCause, VideoSpec } from '#archive/hls/packaging.ts'

/** An id that reads well in exact comparisons: the word, padded to the length of an id. */
export function testId<T extends string>(word: string): T {
  return word.padEnd(26, '0') as T
}

export const recordingId = testId<RecordingId>('rec')
export const firstSpan = testId<SpanId>('sa')
export const secondSpan = testId<SpanId>('sb')

export const sourceSpec: VideoSpec = {
  kind: 'video',
  name: 'source',
  codecs: 'avc1.64001f',
  width: 1280,
  height: 720,
  frameRate: { num: 25, den: 1 },
  timescale: 90_000,
}
export const smallSpec: VideoSpec = { ...sourceSpec, name: '360p', codecs: 'avc1.4d401e', width: 640, height: 360 }
export const audioSpec: AudioSpec = {
  kind: 'audio',
  name: 'audio',
  codecs: 'mp4a.40.2',
  channels: 2,
  sampleRate: 48_000,
  timescale: 48_000,
}

export const recordingEvent: JournalEvent = {
  type: 'recording',
  version: 1,
  recording: recordingId,
  town: testId<TownId>('town'),
  meeting: testId<MeetingId>('meeting'),
  slug: 'council',
  atMs: Date.UTC(2026, 2, 2, 19, 0, 0),
}

export function spanEvent(
  span: SpanId,
  index: number,
  renditions: readonly RenditionSpec[] = [sourceSpec, audioSpec],
): JournalEvent {
  const wallMs = Date.UTC(2026, 2, 2, 19, index, 0)
  return { type: 'span', span, index, wallMs, mediaStartMs: index * 8000, master: 'source', renditions }
}

export function initEvent(span: SpanId, rendition: RenditionName): JournalEvent {
  return { type: 'init', span, rendition, sizeBytes: 700, sha256: 'a'.repeat(64) }
}

export interface SegmentFacts {
  readonly spec?: RenditionSpec
  readonly startS?: number
  readonly durationS?: number
  readonly sizeBytes?: number
}

/** A segment of four seconds of the source unless said otherwise. */
export function segmentEvent(span: SpanId, n: number, facts: SegmentFacts = {}): JournalEvent {
  const { spec = sourceSpec, startS = 0, durationS = 4, sizeBytes = 500_000 } = facts
  const durationTicks = Math.round(durationS * spec.timescale)
  return {
    type: 'segment',
    span,
    rendition: spec.name,
    n,
    startTicks: Math.round(startS * spec.timescale),
    durationTicks,
    sizeBytes,
    sha256: 'b'.repeat(64),
    parts: [{ durationTicks, sizeBytes, independent: true }],
  }
}

export function gapEvent(span: SpanId, rendition: RenditionName, n: number): JournalEvent {
  return { type: 'gap', span, rendition, n, durationMs: 4000 }
}

export function spanEndEvent(span: SpanId, durationMs = 8000, cause: SpanCause = 'disconnected'): JournalEvent {
  return { type: 'span-end', span, durationMs, cause }
}
