import type { RungName } from './rung.ts'

/** What this machine can encode, as measured (`calibration.ts`) or as the operator says. */
export interface Capacity {
  /** Processors that encoding really gets; a fraction where the machine is shared. */
  readonly cores: number
  /** Processor seconds that decoding a million pixels takes. */
  readonly decodePerMegapixel: number
  /** Processor seconds that scaling and encoding a million pixels takes. */
  readonly encodePerMegapixel: Readonly<Record<RungName, number>>
}

interface Work {
  readonly sourcePixels: number
  readonly framesPerSecond: number
  readonly outputs: readonly { readonly name: RungName; readonly width: number; readonly height: number }[]
}

/** Share of the machine that is left to packaging, viewers, the site, and pictures busier than the measured one. */
const headroom = 0.35

/** Share of the machine that the work takes: 1 is all of it, all the time. */
export function loadOf(work: Work, capacity: Capacity): number {
  const encoding = work.outputs.reduce(
    (sum, { name, width, height }) => sum + width * height * capacity.encodePerMegapixel[name],
    0,
  )
  const perFrame = (work.sourcePixels * capacity.decodePerMegapixel + encoding) / 1e6
  return (perFrame * work.framesPerSecond) / capacity.cores
}

export function fitsMachine(work: Work, capacity: Capacity): boolean {
  return loadOf(work, capacity) <= 1 - headroom
}
