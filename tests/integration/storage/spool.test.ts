import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { newId, type RecordingId } from '#archive/core/ids.ts'
import { mediaPlaylist } from '#archive/hls/media-view.ts'
import { createFolderStore } from '#archive/storage/folder-store.ts'
import { openMedia, readTimeline } from '#archive/storage/recording-reader.ts'
import { recoverRecording } from '#archive/storage/recovery.ts'
import { openSpool } from '#archive/storage/spool.ts'
import type { SpoolFault } from '#archive/storage/spool-writer.ts'
import {
  audioSpec,
  firstSpan,
  recordingEvent,
  recordingId,
  secondSpan,
  sourceSpec,
  spanEndEvent,
  spanEvent,
} from '#tests/support/journal.ts'
import { collect } from '#tests/support/media-store-contract.ts'
import { planSegment, writeSegment } from '#tests/support/spooling.ts'
import { until } from '#tests/support/until.ts'

const root = await mkdtemp(join(tmpdir(), 'hemicycle-spool-'))
afterAll(() => rm(root, { recursive: true, force: true }))

const init = Buffer.from('an init section')

async function begin(recording: RecordingId = recordingId, spoolDir?: string) {
  const dir = spoolDir ?? (await mkdtemp(join(root, 'spool-')))
  const faults: SpoolFault[] = []
  const opened = await openSpool({
    spoolDir: dir,
    recording,
    onFault: (fault) => faults.push(fault),
    onResumed: () => undefined,
  })
  return { dir, faults, ...opened }
}

type Begun = Awaited<ReturnType<typeof begin>>

function announce({ writer }: Begun): void {
  writer.event(recordingEvent)
  writer.event(spanEvent(firstSpan, 0))
  for (const rendition of ['source', 'audio'] as const) {
    writer.event({ type: 'init', span: firstSpan, rendition, sizeBytes: init.length, sha256: '' }, init)
  }
}

const sourceFolder = (dir: string, span: string = firstSpan) => join(dir, recordingId, span, 'source')

test('a recording is read back from the spool as it was written, and from the store by its manifest alone', async () => {
  const begun = await begin()
  announce(begun)
  const segments = [0, 1].flatMap((n) =>
    [sourceSpec, audioSpec].map((spec) => planSegment({ span: firstSpan, n, index: n, spec })),
  )
  for (const segment of segments) writeSegment(begun.writer, segment)
  begun.writer.event(spanEndEvent(firstSpan))
  begun.writer.event({ type: 'ended', atMs: 9 })
  await begun.writer.close()
  expect(begun.faults).toEqual([])

  const store = createFolderStore(join(begun.dir, 'store'))
  const manifest = await readFile(join(begun.dir, recordingId, 'manifest.json'))
  await store.put(`${recordingId}/manifest.json`, manifest)
  const spooled = await readTimeline({ spoolDir: begun.dir, store }, recordingId)
  const stored = await readTimeline({ spoolDir: join(begun.dir, 'elsewhere'), store }, recordingId)
  const playlists = [spooled, stored].map(
    (timeline) => timeline && mediaPlaylist(timeline, { rendition: 'audio', kind: 'replay', windowS: null }),
  )
  expect(playlists[0]?.segments.map(({ durationS, gap }) => [durationS, gap])).toEqual([
    [4, false],
    [4, false],
  ])
  expect(playlists[1]).toEqual(playlists[0])

  const file = { recording: recordingId, span: firstSpan, rendition: 'source', n: 1 } as const
  const media = await openMedia({ spoolDir: begun.dir, store }, file, { first: 4, last: 7 })
  expect(media?.sizeBytes).toBe(segments[2]?.bytes.length)
  expect(Buffer.concat(media ? await collect(media.content) : []).toString()).toBe('moof')
})

test('a segment stands under its own name only when it is complete', async () => {
  const begun = await begin()
  announce(begun)
  const { event, parts } = planSegment({ span: firstSpan, n: 0, index: 0 })
  for (const [p, bytes] of parts.entries()) begun.writer.part({ span: firstSpan, rendition: 'source', n: 0, p }, bytes)
  await begun.writer.settled()
  expect(await readdir(sourceFolder(begun.dir))).toEqual(['0.m4s.open', 'init.mp4'])
  begun.writer.event(event)
  await begun.writer.close()
  expect(await readdir(sourceFolder(begun.dir))).toEqual(['0.m4s', 'init.mp4'])
})

test('recovery ends an open segment at its last whole part, cuts a torn line off, and a second one changes nothing', async () => {
  const begun = await begin()
  announce(begun)
  writeSegment(begun.writer, planSegment({ span: firstSpan, n: begun.writer.nextNumber(), index: 0 }))
  const open = planSegment({ span: firstSpan, n: begun.writer.nextNumber(), index: 1 })
  for (const p of [0, 1, 2]) {
    begun.writer.part({ span: firstSpan, rendition: 'source', n: 1, p }, open.parts[p] ?? init)
  }
  await begun.writer.close()
  await appendFile(join(sourceFolder(begun.dir), '1.m4s.open'), open.parts[3]?.subarray(0, 700) ?? init)
  await appendFile(join(begun.dir, recordingId, 'journal.jsonl'), '{"type":"segment","spa')

  const recovery = await recoverRecording(begun.dir, recordingId)
  const whole = Buffer.concat(open.parts.slice(0, 3))
  expect(await readFile(join(sourceFolder(begun.dir), '1.m4s'))).toEqual(whole)
  expect(recovery?.events.slice(-2)).toMatchObject([
    {
      type: 'segment',
      n: 1,
      startTicks: 360_000,
      durationTicks: 108_000,
      sizeBytes: whole.length,
      parts: open.event.parts.slice(0, 3),
    },
    { type: 'span-end', span: firstSpan, durationMs: 5200, cause: 'crashed' },
  ])
  expect(recovery?.cut).toEqual([{ span: firstSpan, untilMs: Date.UTC(2026, 2, 2, 19, 0, 5, 200) }])
  expect(recovery?.nextNumber).toBe(64)
  const again = await recoverRecording(begun.dir, recordingId)
  expect(again?.events).toEqual(recovery?.events)
  expect(again?.cut).toEqual([])
})

test('a segment without a whole part is removed, one without a journal line gets its line', async () => {
  const begun = await begin()
  announce(begun)
  await begun.writer.settled()
  const whole = planSegment({ span: firstSpan, n: 0, index: 0 })
  await appendFile(join(sourceFolder(begun.dir), '0.m4s'), whole.bytes)
  await appendFile(join(sourceFolder(begun.dir), '1.m4s.open'), whole.bytes.subarray(0, 50))
  await begun.writer.close()
  const recovery = await recoverRecording(begun.dir, recordingId)
  expect(recovery?.events.findLast((event) => event.type === 'segment')).toEqual({ ...whole.event, n: 0 })
  expect(recovery?.emptyFiles).toBe(1)
  expect(await readdir(sourceFolder(begun.dir))).toEqual(['0.m4s', 'init.mp4'])
})

test('a recording that goes on takes numbers above the reserved ones and keeps its first span', async () => {
  const first = await begin()
  announce(first)
  writeSegment(first.writer, planSegment({ span: firstSpan, n: first.writer.nextNumber(), index: 0 }))
  await first.writer.close()
  const second = await begin(recordingId, first.dir)
  expect(second.recovered?.cut).toHaveLength(1)
  second.writer.event(spanEvent(secondSpan, 1, [sourceSpec]))
  second.writer.event({ type: 'init', span: secondSpan, rendition: 'source', sizeBytes: 1, sha256: '' }, init)
  const n = second.writer.nextNumber()
  expect(n).toBe(64)
  writeSegment(second.writer, planSegment({ span: secondSpan, n, index: 0 }))
  await second.writer.close()
  const timeline = await readTimeline({ spoolDir: first.dir, store: createFolderStore(root) }, recordingId)
  const playlist = timeline && mediaPlaylist(timeline, { rendition: 'source', kind: 'live', windowS: null })
  expect(playlist?.segments.map(({ uri, discontinuity }) => [uri.split('/').at(-1), discontinuity])).toEqual([
    ['0.m4s', false],
    ['64.m4s', true],
  ])
})

test('a segment that a slow disk cost a part becomes a gap, the next one is recorded', async () => {
  const dir = await mkdtemp(join(root, 'spool-'))
  const faults: SpoolFault[] = []
  let resumed = 0
  const { writer } = await openSpool({
    spoolDir: dir,
    recording: newId<'recording'>(),
    onFault: (fault) => faults.push(fault),
    onResumed: () => resumed++,
    maxQueuedBytes: 5000,
  })
  const begun: Begun = { dir, faults, writer, recovered: null }
  announce(begun)
  writeSegment(writer, planSegment({ span: firstSpan, n: 0, index: 0 }))
  await writer.settled()
  expect(faults).toMatchObject([{ code: 'SPOOL_FAILED', detail: expect.stringContaining('too slow') }])
  const next = planSegment({ span: firstSpan, n: 1, index: 1 })
  for (const [p, bytes] of next.parts.entries()) {
    writer.part({ span: firstSpan, rendition: 'source', n: 1, p }, bytes)
    await writer.settled()
  }
  writer.event(next.event)
  await writer.close()
  expect(resumed).toBe(1)
  const folder = (await readdir(dir))[0] ?? ''
  const lines = (await readFile(join(dir, folder, 'journal.jsonl'), 'utf8')).trim().split('\n')
  expect(lines.slice(-2).map((line) => JSON.parse(line))).toMatchObject([
    { type: 'gap', rendition: 'source', n: 0, durationMs: 4000 },
    { type: 'segment', n: 1 },
  ])
})

test('after kill -9 at most the part in the making is missing', async () => {
  const dir = await mkdtemp(join(root, 'spool-'))
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../support/spool-child.ts'), dir])
  let said = ''
  child.stdout.on('data', (text) => (said += String(text)))
  await until('two segments and a half are written', () => said.includes('source 2 5\n'))
  child.kill('SIGKILL')
  await once(child, 'close')
  const recovery = await recoverRecording(dir, recordingId)
  const [rendition = '', n = 0, p = 0] = said.trim().split('\n').at(-1)?.split(' ') ?? []
  const written = Number(n) * 10 + Number(p) + 1
  const ofRendition =
    recovery?.events.filter((event) => event.type === 'segment' && event.rendition === rendition) ?? []
  const kept = ofRendition.reduce((sum, event) => sum + (event.type === 'segment' ? event.parts.length : 0), 0)
  // More may have been written than was read of what the child said before it died; less may not.
  expect(kept).toBeGreaterThanOrEqual(written)
})
