import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MediaPlaylist } from '#archive/hls/playlist.ts'
import type { FeedListener } from '#tests/support/feed-listener.ts'
import { done, type RunningProduct } from '#tests/support/product.ts'
import { decodeStretch, readMedia, renditionUrl, stretchesOf } from '#tests/support/replay.ts'
import { planSitting, type Sitting, untilState } from '#tests/support/sitting.ts'
import { Stage } from '#tests/support/stage.ts'
import { until } from '#tests/support/until.ts'

const isRoot = process.getuid?.() === 0
const stage = new Stage()
const dataDir = mkdtempSync(join(tmpdir(), 'hemicycle-full-'))
const spoolDir = join(dataDir, 'spool')
const ballast = join(spoolDir, 'ballast')
let product: RunningProduct
let listener: FeedListener
let sitting: Sitting
let storedBefore: number[] = []

const sourceParts = () => listener.parts.filter(({ rendition }) => rendition === 'source')
const segmentNumbers = () =>
  listener.events.flatMap(({ event }) => (event.type === 'segment' && event.rendition === 'source' ? [event.n] : []))
const fullDisk = async () => (await product.incidents(sitting.slug)).find(({ code }) => code === 'SPOOL_FULL')

/** A disk of 24 MB for the spool alone; what cannot be mounted fails here, rather than being passed over. */
function mountSpool(): void {
  mkdirSync(spoolDir, { recursive: true })
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'hemicycle-test', spoolDir])
  stage.finally(() => execFileSync('umount', ['-l', spoolDir]))
}

function fillUpTo(freeBytes: number): void {
  const { bavail, bsize } = statfsSync(spoolDir)
  writeFileSync(ballast, Buffer.alloc(bavail * bsize - freeBytes))
}

afterAll(async () => {
  await stage.clear()
  rmSync(dataDir, { recursive: true, force: true })
})

describe.runIf(isRoot)('with the spool’s disk full in the middle of a meeting', () => {
  beforeAll(async () => {
    mountSpool()
    product = await stage.product({ dataDir })
    listener = stage.listener(product)
    sitting = await planSitting(product)
    stage.encoder(product, sitting.key)
    await untilState(product, sitting.slug, 'waiting')
    done(await (await product.operations()).command(sitting.slug, 'start'))
    await until('two segments are complete', () => segmentNumbers().length >= 2, 30_000)
    storedBefore = segmentNumbers()
    fillUpTo(100_000)
  })

  it('tells the operator while it lasts', async () => {
    const incident = await until('the disk is full', fullDisk, 30_000)
    expect(incident.closedAtMs).toBeNull()
  })

  it('the stream goes on, from memory', async () => {
    const heard = sourceParts().length
    const live = renditionUrl(`${product.site}/live/${sitting.slug}/index.m3u8`, 'source')
    const before = (await readMedia(live)).segments.at(-1)
    const newest = await until(
      'the live playlist grows',
      async () => {
        const segment = (await readMedia(live)).segments.at(-1)
        return segment?.uri !== before?.uri ? segment : null
      },
      20_000,
    )
    expect(newest.gap).toBe(false)
    expect((await fetch(new URL(newest.uri, product.site))).status).toBe(200)
    expect(sourceParts().length).toBeGreaterThan(heard)
  })

  it('recording resumes by itself when there is room', async () => {
    rmSync(ballast)
    const incident = await until(
      'recording has resumed',
      async () => {
        const found = await fullDisk()
        return found?.closedAtMs ? found : null
      },
      30_000,
    )
    expect(incident.closedAtMs).toBeGreaterThan(incident.openedAtMs)
    const resumed = segmentNumbers().length
    await until('a whole segment after it', () => segmentNumbers().length >= resumed + 2, 30_000)
  })

  it('nothing that was recorded is lost or damaged, and what is missing is marked as a gap', async () => {
    done(await (await product.operations()).command(sitting.slug, 'end'))
    const view = await untilState(product, sitting.slug, 'published')
    const address = renditionUrl(new URL(view.replay?.hls ?? '', product.site).href, 'source')
    const playlist = await until<MediaPlaylist | null>('the replay tells what is missing', async () => {
      const read = await readMedia(address).catch(() => null)
      return read?.ended && read.segments.some(({ gap }) => gap) ? read : null
    })
    const numberOf = (uri: string) => Number(/(\d+)\.m4s$/.exec(uri)?.[1])
    const kept = playlist.segments.filter(({ gap }) => !gap).map(({ uri }) => numberOf(uri))
    expect(kept).toEqual(expect.arrayContaining(storedBefore))
    const gaps = playlist.segments.filter(({ gap }) => gap)
    expect(kept.at(-1)).toBeGreaterThan(Math.max(...gaps.map(({ uri }) => numberOf(uri))))
    const [stretch, ...others] = stretchesOf(playlist)
    expect(others).toEqual([])
    if (!stretch) throw new Error('the replay has no segments')
    expect(await decodeStretch(address, stretch)).toEqual({
      frames: Math.round(stretch.durationS * 25),
      complaints: '',
    })
  })
})
