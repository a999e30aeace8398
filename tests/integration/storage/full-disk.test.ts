import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { watchFreeSpace } from '#archive/storage/free-space.ts'
import { parseJournal } from '#archive/storage/journal-text.ts'
import { openSpool } from '#archive/storage/spool.ts'
import { firstSpan, recordingEvent, recordingId, spanEvent } from '#tests/support/journal.ts'
import { planSegment, writeSegment } from '#tests/support/spooling.ts'
import { until } from '#tests/support/until.ts'

const folder = mkdtempSync(join(tmpdir(), 'hemicycle-full-'))
const isMounted = mountSmallDisk(folder)
afterAll(() => {
  if (isMounted) execFileSync('umount', ['-l', folder])
  rmSync(folder, { recursive: true, force: true })
})

function mountSmallDisk(at: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'hemicycle-test', at], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

test.skipIf(!isMounted)('the operator is told when room grows short, and when there is enough again', async () => {
  const said: (string | null)[] = []
  const watch = watchFreeSpace({
    folder,
    minFreeBytes: 500_000,
    everyMs: 10,
    onChange: (low) => said.push(low?.code ?? null),
  })
  await writeFile(join(folder, 'ballast'), Buffer.alloc(700_000))
  await until('the shortage is told', () => said.length === 1)
  await rm(join(folder, 'ballast'))
  await until('the relief is told', () => said.length === 2)
  watch.stop()
  expect(said).toEqual(['SPOOL_LOW', null])
})

test.skipIf(!isMounted)('on a full disk recording stops, keeps what it has, and resumes by itself', async () => {
  const said: string[] = []
  const { writer } = await openSpool({
    spoolDir: folder,
    recording: recordingId,
    onFault: ({ code }) => said.push(code),
    onResumed: () => said.push('resumed'),
    resumeFreeBytes: 200_000,
  })
  writer.event(recordingEvent)
  writer.event(spanEvent(firstSpan, 0))
  writer.event({ type: 'init', span: firstSpan, rendition: 'source', sizeBytes: 4, sha256: '' }, Buffer.from('init'))
  const segments = Array.from({ length: 8 }, (_, n) =>
    planSegment({ span: firstSpan, n, index: n, payloadBytes: 10_000 }),
  )
  const write = async (from: number, to: number) => {
    for (const segment of segments.slice(from, to)) writeSegment(writer, segment)
    await writer.settled()
  }
  await write(0, 2)
  await writeFile(join(folder, 'ballast'), Buffer.alloc(780_000))
  await write(2, 5)
  expect(said).toEqual(['SPOOL_FULL'])
  await rm(join(folder, 'ballast'))
  await write(5, 8)
  await writer.close()
  expect(said).toEqual(['SPOOL_FULL', 'resumed'])

  const { events, damagedLines } = parseJournal(await readFile(join(folder, recordingId, 'journal.jsonl')))
  expect(damagedLines).toBe(0)
  const told = events.flatMap((event) =>
    event.type === 'segment' || event.type === 'gap' ? [`${event.type} ${event.n}`] : [],
  )
  expect(told).toEqual(['segment 0', 'segment 1', 'gap 2', 'gap 3', 'gap 4', 'segment 5', 'segment 6', 'segment 7'])
  for (const { event, bytes } of [...segments.slice(0, 2), ...segments.slice(5)]) {
    expect(await readFile(join(folder, recordingId, firstSpan, 'source', `${event.n}.m4s`))).toEqual(bytes)
  }
})
