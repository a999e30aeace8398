import { createHash } from 'node:crypto'
import { type MeetingId, newId, type RecordingId, type SpanId, type TownId } from '#archive/core/ids.ts'
import type { JournalEvent } from '#archive/hls/journal-event.ts'
import type { RenditionSpec } from '#archive/hls/packaging.ts'
import { openSpool } from '#archive/storage/spool.ts'
import { audioSpec, sourceSpec, testId } from './journal.ts'
import { planSegment, writeSegment } from './spooling.ts'

export interface SpooledRecording {
  readonly recording: RecordingId
  readonly span: SpanId
}

export interface SpoolPlan {
  readonly segments: number
  readonly ended: boolean
  readonly recording?: RecordingId
  readonly meeting?: MeetingId
  readonly payloadBytes?: number
  readonly specs?: readonly RenditionSpec[]
}

const startedMs = Date.UTC(2026, 2, 2, 19)

/** A recording of one span in the spool, as the live process leaves it: segments of 4 s, video and sound. */
export async function spoolRecording(spoolDir: string, plan: SpoolPlan): Promise<SpooledRecording> {
  const recording = plan.recording ?? newId<'recording'>()
  const span = newId<'span'>()
  const specs = plan.specs ?? [sourceSpec, audioSpec]
  const trouble: unknown[] = []
  const { writer } = await openSpool({
    spoolDir,
    recording,
    onFault: (fault) => trouble.push(fault),
    onResumed: () => undefined,
  })
  const meeting = plan.meeting ?? testId<MeetingId>('meeting')
  const town = testId<TownId>('town')
  const event = (said: JournalEvent, init?: Uint8Array) => writer.event(said, init)
  event({ type: 'recording', version: 1, recording, town, meeting, slug: 'raad', atMs: startedMs })
  event({ type: 'span', span, index: 0, wallMs: startedMs, mediaStartMs: 0, master: 'source', renditions: specs })
  for (const { name: rendition } of specs) {
    const init = Buffer.from(`init of ${rendition}`)
    const sha256 = createHash('sha256').update(init).digest('hex')
    event({ type: 'init', span, rendition, sizeBytes: init.length, sha256 }, init)
  }
  for (let n = 0; n < plan.segments; n++) {
    for (const spec of specs) {
      writeSegment(writer, planSegment({ span, n, index: n, spec, payloadBytes: plan.payloadBytes ?? 100 }))
    }
    if (n % 50 === 0) await writer.settled()
  }
  if (plan.ended) {
    event({ type: 'span-end', span, durationMs: plan.segments * 4000, cause: 'meeting-ended' })
    event({ type: 'ended', atMs: startedMs + plan.segments * 4000 })
  }
  await writer.close()
  if (trouble.length > 0) throw new Error(JSON.stringify(trouble))
  return { recording, span }
}
