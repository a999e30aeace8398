import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RenditionName, RenditionSpec } from '#archive/hls/packaging.ts'
import { layoutTicks, slateSegmentLayout } from '#archive/hls/slate-layout.ts'
import { scanFragments } from '#archive/storage/fragment-scan.ts'
import { readTrack } from '../../../transcode/mp4/track-reader.ts'
import { type SlateAsset, slateParts, slateSegment } from '../../../transcode/slate/slate-asset.ts'
import { readSlate } from '../../../transcode/slate/slate-files.ts'
import { slateKey, slateRequest } from '../../../transcode/slate/slate-request.ts'
import { SlateShelf } from '../../../transcode/slate/slate-shelf.ts'

const folder = mkdtempSync(join(tmpdir(), 'slate-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const ntsc = { num: 30_000, den: 1001 } as const
const renditions: readonly RenditionSpec[] = [
  { kind: 'video', name: 'source', codecs: 'avc1.64001f', width: 640, height: 360, frameRate: ntsc, timescale: 30_000 },
  { kind: 'video', name: '360p', codecs: 'avc1.42c00d', width: 320, height: 180, frameRate: ntsc, timescale: 30_000 },
  { kind: 'audio', name: 'audio', codecs: 'mp4a.40.2', channels: 1, sampleRate: 44_100, timescale: 44_100 },
]
const request = slateRequest(renditions, "Raad van d'Itter: 100% [openbaar], punt 1; slot\\einde")
const names: readonly RenditionName[] = ['source', '360p', 'audio']

let asset: SlateAsset
beforeAll(async () => {
  asset = await new SlateShelf(join(folder, 'spool')).obtain(request)
})

function segment(rendition: RenditionName, index: number): Uint8Array {
  return slateSegment(asset, { rendition, index }) ?? new Uint8Array()
}

function decode(rendition: RenditionName, segments: readonly number[], entries: string): string {
  const file = join(folder, `${rendition}.mp4`)
  const init = asset.renditions.get(rendition)?.init ?? new Uint8Array()
  writeFileSync(file, Buffer.concat([init, ...segments.map((index) => segment(rendition, index))]))
  const run = spawnSync('ffprobe', ['-v', 'error', '-show_entries', entries, '-of', 'csv=p=0', file])
  expect(run.stderr.toString()).toBe('')
  return run.stdout.toString().trim()
}

describe('a slate', () => {
  it.each([
    ['source', 'Main', 640, 360],
    ['360p', 'Constrained Baseline', 320, 180],
  ] as const)('decodes as %s over its seam, every picture at its exact time', (name, profile, width, height) => {
    expect(decode(name, [3], 'stream=profile,width,height')).toBe(`${profile},${width},${height}`)
    // The encoder's own remarks stand beside the times of frames that carry them.
    const times = (decode(name, [3, 4], 'frame=pts_time').match(/^\d+\.\d+/gm) ?? []).map(Number)
    expect(times).toHaveLength(240)
    for (const [i, seconds] of times.entries()) expect(seconds).toBeCloseTo(((3 * 120 + i) * 1001) / 30_000, 5)
  })

  it('is silent', () => {
    decode('audio', [0, 1], 'frame=pts_time')
    const run = spawnSync('ffmpeg', [
      '-v',
      'info',
      '-i',
      join(folder, 'audio.mp4'),
      '-af',
      'volumedetect',
      '-f',
      'null',
      '-',
    ])
    expect(run.stderr.toString()).toMatch(/max_volume: -(91\.0|inf) dB/)
  })

  it.each(names)('has in %s parts that join to the segment and last as long as announced', (name) => {
    const spec = asset.renditions.get(name)?.spec as RenditionSpec
    for (const index of [0, 1, 5400]) {
      const layout = slateSegmentLayout(spec, asset.rhythm, { index })
      const parts = slateParts(asset, { rendition: name, index }) ?? []
      expect(Buffer.compare(Buffer.concat(parts), segment(name, index))).toBe(0)
      const { fragments, wholeBytes } = scanFragments(segment(name, index))
      expect(wholeBytes).toBe(segment(name, index).length)
      expect(fragments.map(({ durationTicks }) => durationTicks)).toEqual(layout.partTicks)
      expect(fragments[0]).toMatchObject({ decodeTicks: layout.startTicks, independent: true })
      const { samples } = readTrack(asset.renditions.get(name)?.init ?? new Uint8Array(), segment(name, index))
      const last = samples.at(-1)
      expect((last?.dtsTicks ?? 0) + (last?.durationTicks ?? 0)).toBe(layout.startTicks + layoutTicks(layout))
    }
  })

  it('begins each segment of a picture with its only keyframe', () => {
    const { samples } = readTrack(asset.renditions.get('source')?.init ?? new Uint8Array(), segment('source', 9))
    expect(samples.map(({ keyframe }) => keyframe)).toEqual(samples.map((_, i) => i === 0))
  })

  it('cut short, is the first parts of the whole segment', () => {
    for (const rendition of names) {
      const whole = slateParts(asset, { rendition, index: 2 }) ?? []
      expect(slateParts(asset, { rendition, index: 2, slots: 4 })).toEqual(whole.slice(0, 4))
    }
  })

  it('has the same bytes after a restart', async () => {
    const again = await new SlateShelf(join(folder, 'spool')).find(slateKey(request))
    expect(again).toEqual(asset)
    for (const rendition of names) {
      expect(slateSegment(again as SlateAsset, { rendition, index: 77 })).toEqual(segment(rendition, 77))
    }
  })

  it('is never made twice, however many ask at once', async () => {
    const spool = join(folder, 'twice')
    mkdirSync(spool)
    const shelf = new SlateShelf(spool)
    const small = slateRequest(renditions.slice(1), 'Raad')
    const [first, second] = await Promise.all([shelf.obtain(small), shelf.obtain(small)])
    expect(second).toBe(first)
    expect(readdirSync(join(spool, 'slates'))).toEqual([slateKey(small)])
  })

  it('that is damaged is not served', async () => {
    const spool = join(folder, 'damaged')
    cpSync(join(folder, 'spool'), spool, { recursive: true })
    writeFileSync(join(spool, 'slates', asset.key, 'source', 'segment.m4s'), 'nothing of the kind')
    expect(await readSlate(spool, asset.key)).toBeNull()
    expect(await readSlate(spool, '../../etc')).toBeNull()
  })

  it('has no rendition that the stream did not have', () => {
    expect(slateSegment(asset, { rendition: '720p', index: 0 })).toBeNull()
  })
})
