import { AppError } from '../core/errors.ts'
import type { RecordingId } from '../core/ids.ts'
import { type MediaFile, mediaKey } from '../hls/address.ts'
import type { Timeline, TimelineRendition, TimelineSegment, TimelineSpan } from '../hls/timeline.ts'
import { openMedia, type RecordingPlaces } from '../storage/recording-reader.ts'

/** Sound without a hole, of one span. */
export interface AudioRun {
  /** MediaTime of its first sample. */
  readonly startMs: number
  /** Init section, then segments. */
  readonly files: readonly MediaFile[]
}

/** All the sound that was recorded, in order. A gap ends a run: a decoder would close it up, and every later word would come too early. */
export function audioRuns(timeline: Timeline, recording: RecordingId): AudioRun[] {
  return timeline.spans.flatMap((span) => {
    const audio = span.renditions.get('audio')
    return audio?.init ? unbroken(audio).map((run) => audioRun(recording, { span, audio, run })) : []
  })
}

function unbroken(audio: TimelineRendition): TimelineSegment[][] {
  const runs: TimelineSegment[][] = []
  let endTicks: number | null = null
  for (const entry of [...audio.entries.values()].toSorted((a, b) => a.n - b.n)) {
    if (entry.kind === 'gap') continue
    const current = runs.at(-1)
    if (current && entry.startTicks === endTicks) current.push(entry)
    else runs.push([entry])
    endTicks = entry.startTicks + entry.durationTicks
  }
  return runs
}

function audioRun(
  recording: RecordingId,
  { span, audio, run }: { span: TimelineSpan; audio: TimelineRendition; run: readonly TimelineSegment[] },
): AudioRun {
  const place = { recording, span: span.span, rendition: 'audio' } as const
  const offsetMs = ((run[0]?.startTicks ?? 0) * 1000) / audio.spec.timescale
  return {
    startMs: Math.round(span.mediaStartMs + offsetMs),
    files: [{ ...place, n: null }, ...run.map(({ n }) => ({ ...place, n }))],
  }
}

/** The run's bytes, from the spool, else from the store. @throws AppError RECORDING_UNREADABLE when a file is in neither. */
export async function* audioBytes(places: RecordingPlaces, run: AudioRun): AsyncGenerator<Uint8Array> {
  for (const file of run.files) {
    const media = await openMedia(places, file)
    if (!media) throw new AppError('RECORDING_UNREADABLE', { message: `The file ${mediaKey(file)} is missing.` })
    yield* media.content
  }
}
