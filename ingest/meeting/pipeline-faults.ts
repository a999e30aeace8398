import { newId } from '#archive/core/ids.ts'
import type { Log } from '#archive/core/log.ts'
import type { PipelineFault } from '#archive/hls/packaging.ts'
import type { Note } from '../catalogue/outbox.ts'
import type { RecordingFacts } from '../recorder/open-recording.ts'

/** Writes down what the pipeline has to say: an incident of the meeting, and a line in the log. */
export function reportFault(
  fault: PipelineFault,
  { meeting, recording, slug }: RecordingFacts,
  deps: { tell: (note: Note) => void; log: Log },
): void {
  const { code, detail, atMs } = fault
  const id = newId<'incident'>()
  deps.log.warn({ meeting: slug, recording, code, detail }, 'the pipeline reports')
  deps.tell({ kind: 'incident', incident: { id, code, detail, meeting, recording, atMs: Math.round(atMs) } })
  deps.tell({ kind: 'incident-end', id, atMs: Math.round(atMs) })
}
