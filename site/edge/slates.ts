import type { MediaFile, PartFile } from '#archive/hls/address.ts'
import type { RenditionName } from '#archive/hls/packaging.ts'
import type { SlatePosition } from '#archive/hls/slate-stretch.ts'
import type { Timeline } from '#archive/hls/timeline.ts'

/** The pictures of slates by the name of their asset; null where there are none. */
export interface SlatePictures {
  init(asset: string, rendition: RenditionName): Promise<Uint8Array | null>
  parts(asset: string, rendition: RenditionName, at: SlatePosition): Promise<readonly Uint8Array[] | null>
}

/** An init section or a segment of a slate, which is kept nowhere; null for any other file and for what is not complete. */
export async function slateMedia(
  timeline: Timeline,
  { span, rendition, n }: MediaFile,
  pictures: SlatePictures,
): Promise<Uint8Array | null> {
  const slate = timeline.slate(span)
  const of = slate?.renditions.get(rendition)
  if (!slate || !of) return null
  if (n === null) return pictures.init(slate.asset, rendition)
  const at = of.entries.has(n) ? slate.position(n) : null
  const parts = at && (await pictures.parts(slate.asset, rendition, at))
  return parts && Buffer.concat(parts)
}

/** A part that has been announced; null for any other. */
export async function slatePart(
  timeline: Timeline,
  { span, rendition, n, p }: PartFile,
  pictures: SlatePictures,
): Promise<Uint8Array | null> {
  const slate = timeline.slate(span)
  const at = slate?.renditions.has(rendition) ? slate.position(n) : null
  const parts = slate && at && (await pictures.parts(slate.asset, rendition, at))
  return parts?.[p] ?? null
}
