import type { RenditionName, RenditionSpec } from '#archive/hls/packaging.ts'
import { type SlateRhythm, samplesPerSilence, slateSegmentLayout } from '#archive/hls/slate-layout.ts'
import { type FragmentSample, writeFragment } from '../mp4/fragment-writer.ts'
import { trackId } from '../mp4/init-section.ts'

export interface SlateRendition {
  readonly spec: RenditionSpec
  readonly init: Uint8Array
  /** Video: the frames of one segment, of which the first alone is a keyframe. Sound: one access unit of silence. */
  readonly units: readonly Uint8Array[]
}

export interface SlateAsset {
  readonly key: string
  readonly rhythm: SlateRhythm
  readonly renditions: ReadonlyMap<RenditionName, SlateRendition>
}

export interface SlatePlace {
  readonly rendition: RenditionName
  /** Of the segment, counted from the beginning of the slate. */
  readonly index: number
  /** How much of the segment was shown before the room came back; all of it when absent. */
  readonly slots?: number
}

/** The parts of one segment: a pure function of the asset and the place, the same bytes at any time. Null without the rendition. */
export function slateParts(asset: SlateAsset, { rendition, ...at }: SlatePlace): readonly Uint8Array[] | null {
  const of = asset.renditions.get(rendition)
  if (!of) return null
  const { startTicks, partTicks } = slateSegmentLayout(of.spec, asset.rhythm, at)
  const samples = samplesOf(of, asset.rhythm)
  let baseDecodeTime = startTicks
  let used = 0
  return partTicks.map((ticks, p) => {
    const part = samples.between(used, ticks)
    const bytes = writeFragment({ sequence: at.index * mostParts + p + 1, trackId, baseDecodeTime, samples: part })
    baseDecodeTime += ticks
    used += part.length
    return bytes
  })
}

/** The bytes of a whole segment: its parts joined. */
export function slateSegment(asset: SlateAsset, place: SlatePlace): Uint8Array | null {
  const parts = slateParts(asset, place)
  return parts && Buffer.concat(parts)
}

/** Sequence numbers of fragments leave room for this many in a segment, so that they grow from one to the next. */
const mostParts = 16

/** Units of the segment from the `from`th on, as many as last `ticks`. */
function samplesOf({ spec, units }: SlateRendition, rhythm: SlateRhythm) {
  const duration =
    spec.kind === 'audio' ? samplesPerSilence : (rhythm.frameRate.den * spec.timescale) / rhythm.frameRate.num
  const unit = (index: number): FragmentSample => ({
    duration,
    keyframe: spec.kind === 'audio' || index === 0,
    compositionOffset: 0,
    data: units[spec.kind === 'audio' ? 0 : index] ?? new Uint8Array(),
  })
  return {
    between: (from: number, ticks: number) =>
      Array.from({ length: Math.round(ticks / duration) }, (_, i) => unit(from + i)),
  }
}
