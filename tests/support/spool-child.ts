import { openSpool } from '#archive/storage/spool.ts'
import { audioSpec, firstSpan, recordingEvent, recordingId, sourceSpec, spanEvent } from './journal.ts'
import { planSegment } from './spooling.ts'

/** Records without end into the folder given, one part every few milliseconds, until it is killed. */
const { writer } = await openSpool({
  spoolDir: process.argv[2] ?? '',
  recording: recordingId,
  onFault: ({ detail }) => process.stderr.write(detail),
  onResumed: () => undefined,
})
writer.event(recordingEvent)
writer.event(spanEvent(firstSpan, 0))
const init = Buffer.from('init')
for (const rendition of ['source', 'audio'] as const) {
  writer.event({ type: 'init', span: firstSpan, rendition, sizeBytes: 4, sha256: '' }, init)
}
for (let index = 0; ; index++) {
  const n = writer.nextNumber()
  const segments = [sourceSpec, audioSpec].map((spec) =>
    planSegment({ span: firstSpan, n, index, spec, payloadBytes: 20_000 }),
  )
  for (let p = 0; p < 10; p++) {
    for (const { event, parts } of segments) {
      writer.part({ span: firstSpan, rendition: event.rendition, n, p }, parts[p] ?? Buffer.alloc(0))
      await writer.settled()
      process.stdout.write(`${event.rendition} ${n} ${p}\n`)
    }
  }
  for (const { event } of segments) writer.event(event)
}
