import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RenditionName, RenditionSpec } from '#archive/hls/packaging.ts'
import { slateRhythm } from '#archive/hls/slate-layout.ts'
import { syncFolder, temporarySuffix, unlessAbsent } from '#archive/storage/atomic-file.ts'
import { readTrack } from '../mp4/track-reader.ts'
import { type SlateAsset, type SlateRendition, slateSegment } from './slate-asset.ts'

const keyPattern = /^[0-9a-f]{32}$/

interface AssetFile {
  readonly version: 1
  readonly renditions: readonly RenditionSpec[]
}

function assetFolder(spoolDir: string, key: string): string {
  return join(spoolDir, 'slates', key)
}

/** Writes the asset as a folder that appears whole or not at all; one that is there already stays. */
export async function writeSlate(spoolDir: string, asset: SlateAsset): Promise<void> {
  const folder = assetFolder(spoolDir, asset.key)
  const unfinished = `${folder}.${randomBytes(6).toString('hex')}${temporarySuffix}`
  try {
    for (const [name, { init }] of asset.renditions) {
      await mkdir(join(unfinished, name), { recursive: true })
      await writeFile(join(unfinished, name, 'init.mp4'), init)
      await writeFile(
        join(unfinished, name, 'segment.m4s'),
        slateSegment(asset, { rendition: name, index: 0 }) ?? new Uint8Array(),
      )
    }
    const file: AssetFile = { version: 1, renditions: [...asset.renditions.values()].map(({ spec }) => spec) }
    await writeFile(join(unfinished, 'slate.json'), `${JSON.stringify(file, null, 2)}\n`)
    await rename(unfinished, folder)
    await syncFolder(join(spoolDir, 'slates'))
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
    if ((await readSlate(spoolDir, asset.key)) === null) throw error
  }
}

/** Null when there is none by that name, or it cannot be used. */
export async function readSlate(spoolDir: string, key: string): Promise<SlateAsset | null> {
  if (!keyPattern.test(key)) return null
  const folder = assetFolder(spoolDir, key)
  const text = await unlessAbsent(readFile(join(folder, 'slate.json'), 'utf8'))
  if (text === null) return null
  try {
    const { version, renditions: specs } = JSON.parse(text) as AssetFile
    if (version !== 1) return null
    const renditions = new Map<RenditionName, SlateRendition>()
    for (const spec of specs) renditions.set(spec.name, await readRendition(join(folder, spec.name), spec))
    return { key, rhythm: slateRhythm(specs), renditions }
  } catch {
    // Damaged, or from a version of tomorrow: it is made anew.
    return null
  }
}

async function readRendition(folder: string, spec: RenditionSpec): Promise<SlateRendition> {
  const init = await readFile(join(folder, 'init.mp4'))
  const { samples } = readTrack(init, await readFile(join(folder, 'segment.m4s')))
  const units = samples.map(({ data }) => data)
  return { spec, init, units: spec.kind === 'audio' ? units.slice(0, 1) : units }
}
