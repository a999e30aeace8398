import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { newId } from '#archive/core/ids.ts'
import type { JournalEvent } from '#archive/hls/journal-event.ts'
import type { LiveMessage } from '#archive/hls/live-message.ts'
import type { AudioSpec, VideoSpec } from '#archive/hls/packaging.ts'
import { createRecorder, type RecorderSpool } from '../../../ingest/recorder/recorder.ts'

const recording = newId<'recording'>()
const source: VideoSpec = {
  ...{ kind: 'video', name: 'source', codecs: 'avc1.4d401f', width: 640, height: 360 },
  ...{ frameRate: { num: 25, den: 1 }, timescale: 25_000 },
}
const audio: AudioSpec = {
  kind: 'audio',
  name: 'audio',
  codecs: 'mp4a.40.2',
  channels: 2,
  sampleRate: 48_000,
  timescale: 48_000,
}

/** A spool that keeps what it is given. */
class MemorySpool implements RecorderSpool {
  readonly events: JournalEvent[] = []
  readonly parts: string[] = []
  #next = 7
  event(event: JournalEvent): void {
    this.events.push(event)
  }
  part({ rendition, n, p }: { rendition: string; n: number; p: number }): void {
    this.parts.push(`${rendition}/${n}.${p}`)
  }
  nextNumber(): number {
    return this.#next++
  }
  async close(): Promise<void> {}
}

function start() {
  const spool = new MemorySpool()
  const said: LiveMessage[] = []
  const spans: { index: number; mediaStartMs: number }[] = []
  const ends: number[] = []
  const recorder = createRecorder({
    recording,
    spool,
    broadcast: (message) => said.push(message),
    onSpan: ({ index, mediaStartMs }) => spans.push({ index, mediaStartMs }),
    onSpanEnd: (_span, durationMs) => ends.push(durationMs),
    resumeFrom: { spans: 2, mediaMs: 1_500.5 },
  })
  return { spool, said, spans, ends, recorder }
}

describe('the recorder', () => {
  it('adds a segment up from its parts: size, checksum and facts', () => {
    const { recorder, spool } = start()
    const span = newId<'span'>()
    recorder.record({ type: 'span', span, wallMs: 9_000, master: 'source', renditions: [source, audio] })
    const parts = [Buffer.from('first'), Buffer.from('second')]
    parts.forEach((bytes, p) => {
      recorder.record({
        type: 'part',
        span,
        rendition: 'source',
        n: 7,
        p,
        durationTicks: 10_000,
        independent: p === 0,
        bytes,
      })
    })
    recorder.record({ type: 'segment', span, rendition: 'source', n: 7, startTicks: 0, durationTicks: 20_000 })
    expect(spool.events.at(-1)).toEqual({
      type: 'segment',
      span,
      rendition: 'source',
      n: 7,
      startTicks: 0,
      durationTicks: 20_000,
      sizeBytes: 11,
      sha256: createHash('sha256').update('firstsecond').digest('hex'),
      parts: [
        { durationTicks: 10_000, sizeBytes: 5, independent: true },
        { durationTicks: 10_000, sizeBytes: 6, independent: false },
      ],
    })
    expect(spool.parts).toEqual(['source/7.0', 'source/7.1'])
  })

  it('counts MediaTime on the master alone, from where the recording stood', () => {
    const { recorder, spans } = start()
    const [first, second] = [newId<'span'>(), newId<'span'>()]
    recorder.record({ type: 'span', span: first, wallMs: 0, master: 'source', renditions: [source, audio] })
    recorder.record({
      type: 'part',
      span: first,
      rendition: 'source',
      n: 7,
      p: 0,
      durationTicks: 50_000,
      independent: true,
      bytes: Buffer.from('v'),
    })
    recorder.record({ type: 'segment', span: first, rendition: 'source', n: 7, startTicks: 0, durationTicks: 50_000 })
    recorder.record({ type: 'segment', span: first, rendition: 'audio', n: 7, startTicks: 0, durationTicks: 96_256 })
    recorder.record({ type: 'span-end', span: first, durationMs: 2_000, cause: 'gate-shut' })
    recorder.record({ type: 'span', span: second, wallMs: 60_000, master: 'source', renditions: [source, audio] })
    expect(spans).toEqual([
      { index: 2, mediaStartMs: 1_500.5 },
      { index: 3, mediaStartMs: 3_500.5 },
    ])
  })

  it('tells edges of parts and journal lines in the order in which they came', () => {
    const { recorder, said } = start()
    const span = newId<'span'>()
    recorder.record({ type: 'span', span, wallMs: 0, master: 'source', renditions: [source] })
    recorder.record({ type: 'init', span, rendition: 'source', bytes: Buffer.from('init') })
    recorder.record({
      type: 'part',
      span,
      rendition: 'source',
      n: 7,
      p: 0,
      durationTicks: 1,
      independent: true,
      bytes: Buffer.from('x'),
    })
    recorder.record({ type: 'segment', span, rendition: 'source', n: 7, startTicks: 0, durationTicks: 1 })
    recorder.record({ type: 'gap', span, rendition: 'audio', n: 7, durationMs: 4_000 })
    const kinds = said.map((message) => (message.type === 'journal' ? message.event.type : message.type))
    expect(kinds).toEqual(['span', 'init', 'part', 'segment', 'gap'])
  })

  it('leaves out a segment of which no part was ever made', () => {
    const { recorder, spool } = start()
    const span = newId<'span'>()
    recorder.record({ type: 'span', span, wallMs: 0, master: 'source', renditions: [source] })
    recorder.record({ type: 'segment', span, rendition: 'source', n: 7, startTicks: 0, durationTicks: 1 })
    expect(spool.events.map(({ type }) => type)).toEqual(['span'])
  })
})
