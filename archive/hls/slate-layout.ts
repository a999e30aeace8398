import type { RenditionSpec, VideoSpec } from './packaging.ts'

/** Segments of a slate have this many slots; video has one part in each, sound at most one more in all. */
export const slateSlots = 10

/** PART-TARGET and 85 % of it, as everywhere in the stream. */
const longestPartS = 0.42
const shortestPartS = 0.357
/** A slot this long has room for the whole frames of any usual sample rate. */
const shortestSlotS = 0.37
const longestSlotS = 0.4005
const fallbackRate = { num: 25, den: 1 } as const

/** Samples in an access unit of AAC-LC. */
export const samplesPerSilence = 1024

/** By what all renditions of a slate are cut, so that they never drift apart: a slot is so many frames of this rate. */
export interface SlateRhythm {
  readonly frameRate: { readonly num: number; readonly den: number }
  readonly framesPerSlot: number
}

/** Of the slowest rendition, where whole frames of it fit a slot; the specs of a slate give their own rhythm again. */
export function slateRhythm(renditions: readonly RenditionSpec[]): SlateRhythm {
  const rates = renditions.flatMap((spec) => (spec.kind === 'video' && spec.frameRate ? [spec.frameRate] : []))
  const [slowest = fallbackRate] = rates.toSorted((a, b) => a.num / a.den - b.num / b.den)
  return rhythmOf(slowest) ?? { frameRate: fallbackRate, framesPerSlot: 10 }
}

function rhythmOf(frameRate: SlateRhythm['frameRate']): SlateRhythm | null {
  const framesPerSlot = Math.floor((longestSlotS * frameRate.num) / frameRate.den)
  const slotS = (framesPerSlot * frameRate.den) / frameRate.num
  return framesPerSlot >= 1 && slotS >= shortestSlotS ? { frameRate, framesPerSlot } : null
}

/** How long a slot is: 0.4 s or a little less. */
export function slotMs({ frameRate, framesPerSlot }: SlateRhythm): number {
  return (framesPerSlot * frameRate.den * 1000) / frameRate.num
}

export interface SlateSegmentLayout {
  /** From the beginning of the slate, in the rendition's timescale, as is the duration of each part. */
  readonly startTicks: number
  readonly partTicks: readonly number[]
}

/**
 * Segment `index` of a slate, counted from its beginning: the same for ever, with no state kept. `slots` cuts it short,
 * as when the room comes back. Ticks of sound are samples.
 */
export function slateSegmentLayout(
  spec: RenditionSpec,
  rhythm: SlateRhythm,
  at: { readonly index: number; readonly slots?: number },
): SlateSegmentLayout {
  const first = at.index * slateSlots
  const whole = spec.kind === 'audio' ? soundLayout(spec.sampleRate, rhythm, first) : pictureLayout(spec, rhythm, first)
  if (at.slots === undefined || at.slots >= slateSlots) return whole
  return { ...whole, partTicks: whole.partTicks.slice(0, at.slots) }
}

function pictureLayout({ timescale }: VideoSpec, rhythm: SlateRhythm, first: number): SlateSegmentLayout {
  const slotTicks = (rhythm.framesPerSlot * rhythm.frameRate.den * timescale) / rhythm.frameRate.num
  return { startTicks: first * slotTicks, partTicks: Array.from({ length: slateSlots }, () => slotTicks) }
}

/** Parts of sound end with the first whole access unit at or after the slot's end, within what a part may last. */
function soundLayout(sampleRate: number, rhythm: SlateRhythm, first: number): SlateSegmentLayout {
  const unitS = samplesPerSilence / sampleRate
  const most = Math.max(1, Math.floor(longestPartS / unitS))
  const least = Math.min(most, Math.ceil(shortestPartS / unitS))
  const boundary = (slot: number) => unitsBefore(slot, sampleRate, rhythm)
  const start = boundary(first)
  const end = boundary(first + slateSlots)
  const partTicks: number[] = []
  for (let at = start; at < end; ) {
    const wanted = boundary(first + partTicks.length + 1) - at
    const units = Math.min(Math.max(least, Math.min(most, wanted)), end - at)
    partTicks.push(units * samplesPerSilence)
    at += units
  }
  return { startTicks: start * samplesPerSilence, partTicks }
}

/** Access units that begin before a slot does; whole numbers throughout, so that nothing ever drifts. */
function unitsBefore(slot: number, sampleRate: number, { frameRate, framesPerSlot }: SlateRhythm): number {
  return Math.ceil((slot * framesPerSlot * frameRate.den * sampleRate) / (frameRate.num * samplesPerSilence))
}

/** Duration of the whole segment, in the rendition's timescale. */
export function layoutTicks({ partTicks }: SlateSegmentLayout): number {
  return partTicks.reduce((sum, ticks) => sum + ticks, 0)
}
