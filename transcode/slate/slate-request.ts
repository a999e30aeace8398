import { createHash } from 'node:crypto'
import type { RenditionSpec } from '#archive/hls/packaging.ts'
import { slateRhythm } from '#archive/hls/slate-layout.ts'
import { gridTimescale } from '../packager/frame-grid.ts'

/** What stands on the picture: the body's name, then the same few words in each language. */
export interface SlateWords {
  readonly title: string
  readonly lines: readonly string[]
}

/** RRGGBB. */
export interface SlateColours {
  readonly background: string
  readonly title: string
  readonly lines: string
}

export interface SlateRequest {
  /** Of the slate itself, see `slateSpecs`. */
  readonly renditions: readonly RenditionSpec[]
  readonly words: SlateWords
  readonly colours: SlateColours
}

/** One neutral picture for pause, closed session and interruption: why there is none is said by the page, in words. */
const words = [
  'Op dit moment is er geen beeld en geluid',
  'Ni image ni son pour le moment',
  'Zurzeit kein Bild und kein Ton',
  'No picture and no sound at the moment',
] as const

const calm: SlateColours = { background: '1d3557', title: 'ffffff', lines: 'c6d3e3' }

/** The slate that stands in for these renditions of a body's stream. */
export function slateRequest(renditions: readonly RenditionSpec[], title: string): SlateRequest {
  return { renditions: slateSpecs(renditions), words: { title, lines: words }, colours: calm }
}

/** Names the asset: the same parameters, words and colours are made once. */
export function slateKey(request: SlateRequest): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('hex').slice(0, 32)
}

/** As the stream's own renditions, at one frame rate that all of them carry. */
function slateSpecs(renditions: readonly RenditionSpec[]): readonly RenditionSpec[] {
  const { frameRate } = slateRhythm(renditions)
  const timescale = gridTimescale(frameRate)
  return renditions.map((spec) => (spec.kind === 'video' ? { ...spec, frameRate, timescale } : spec))
}
