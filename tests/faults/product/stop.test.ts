import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FeedListener } from '#tests/support/feed-listener.ts'
import { descendantsOf, type Process, stillRuns } from '#tests/support/processes.ts'
import { done, type RunningProduct } from '#tests/support/product.ts'
import { planSitting, type Sitting, untilState, viewOf } from '#tests/support/sitting.ts'
import { Stage } from '#tests/support/stage.ts'
import { until } from '#tests/support/until.ts'

const stage = new Stage()
const dataDir = mkdtempSync(join(tmpdir(), 'hemicycle-stop-'))
let product: RunningProduct
let listener: FeedListener
let sitting: Sitting
let family: Process[] = []
let recording: string | null = null

const kindsOf = (processes: readonly Process[]) =>
  ['ingest/main.ts', 'site/edge/main.ts', 'site/main.ts', 'archive/main.ts', 'libx264'].filter((part) =>
    processes.some(({ commandLine }) => commandLine.includes(part)),
  )

beforeAll(async () => {
  product = await stage.product({ dataDir, settings: { HEMICYCLE_LADDER: '360p' } })
  listener = stage.listener(product)
  sitting = await planSitting(product)
  stage.encoder(product, sitting.key, { size: '848x480', bitrateBps: 400_000, keyframeSeconds: 1 })
  await untilState(product, sitting.slug, 'waiting')
  done(await (await product.operations()).command(sitting.slug, 'start'))
  await until(
    'an encoder runs',
    () => listener.parts.filter(({ rendition }) => rendition === '360p').length > 4,
    40_000,
  )
  recording = (await viewOf(product, sitting.slug)).recording
  family = descendantsOf(product.process.pid ?? 0)
})

afterAll(async () => {
  await stage.clear()
  rmSync(dataDir, { recursive: true, force: true })
})

describe('SIGTERM to the product in the middle of a meeting', () => {
  it('ends every process of it, and says that all went well', async () => {
    expect(kindsOf(family)).toHaveLength(5)
    const ended = once(product.process, 'exit')
    product.process.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
    expect(family.filter(stillRuns)).toEqual([])
  })

  it('closes the span in order, with nothing missing of what was heard', () => {
    const ends = listener.events.flatMap(({ event }) => (event.type === 'span-end' ? [event] : []))
    expect(ends.map(({ cause }) => cause)).toEqual(['stopped'])
    const segments = listener.events.flatMap(({ event }) =>
      event.type === 'segment' && event.rendition === 'source' ? [event] : [],
    )
    const heard = listener.parts.filter(({ rendition }) => rendition === 'source')
    const sum = (bytes: readonly number[]) => bytes.reduce((total, size) => total + size, 0)
    expect(sum(segments.map(({ sizeBytes }) => sizeBytes))).toBe(sum(heard.map(({ sizeBytes }) => sizeBytes)))
  })

  it('is followed, after the next start, by the same recording in a span of its own', async () => {
    const again = await stage.product({ dataDir })
    const later = stage.listener(again)
    stage.encoder(again, sitting.key)
    await until('media', () => later.parts.length > 2, 30_000)
    expect(new Set(later.parts.map((part) => part.recording))).toEqual(new Set([recording]))
    expect((await viewOf(again, sitting.slug)).state).toBe('live')
    expect(later.parts[0]?.span).not.toBe(listener.parts[0]?.span)
    expect((await again.incidents(sitting.slug)).map(({ code }) => code)).not.toContain('LIVE_RESTARTED')
  })
})
