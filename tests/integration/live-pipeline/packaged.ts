import { expect } from 'vitest'
import type { PackagedEvent, RenditionName } from '#archive/hls/packaging.ts'
import { startProgram } from '../../../transcode/ffmpeg/program.ts'
import { FragmentReader, type MediaSample } from '../../../transcode/mp4/fragment-reader.ts'

/** One rendition of one span, as a player has it. */
export interface PackagedRendition {
  readonly init: Uint8Array
  readonly segments: readonly { readonly n: number; readonly bytes: Uint8Array }[]
  readonly samples: readonly MediaSample[]
  readonly timescale: number
}

export function renditionOf(events: readonly PackagedEvent[], name: RenditionName, spanIndex = 0): PackagedRendition {
  const span = events.filter((event) => event.type === 'span')[spanIndex]?.span
  const mine = events.filter((event) => 'rendition' in event && event.rendition === name && event.span === span)
  const init = mine.find((event) => event.type === 'init')?.bytes ?? new Uint8Array()
  const parts = mine.filter((event) => event.type === 'part')
  const numbers = [...new Set(parts.map(({ n }) => n))]
  const segments = numbers.map((n) => ({
    n,
    bytes: Buffer.concat(parts.filter((part) => part.n === n).map(({ bytes }) => bytes)),
  }))
  const read = new FragmentReader().push(Buffer.concat([init, ...segments.map(({ bytes }) => bytes)]))
  const samples = read.filter((event) => event.type === 'sample')
  const timescale = read.find((event) => event.type === 'init')?.init.timescale ?? 1
  return { init, segments, samples, timescale }
}

/** Presentation times of the keyframes, in milliseconds of the span. */
export function keyframesOf({ samples, timescale }: PackagedRendition): number[] {
  return samples.filter(({ keyframe }) => keyframe).map(({ ptsTicks }) => (ptsTicks * 1000) / timescale)
}

export function framesOf({ samples }: PackagedRendition): number {
  return samples.length
}

export interface Decoded {
  readonly frames: number
  readonly size: string | null
}

/** Decodes bytes to the end, refusing any error on the way. */
export async function decode(bytes: Uint8Array): Promise<Decoded> {
  const program = startProgram({
    program: 'ffmpeg',
    args: [
      ...['-v', 'error', '-xerror', '-err_detect', 'explode', '-f', 'mp4', '-i', 'pipe:0'],
      ...['-fps_mode', 'passthrough', '-f', 'framehash', 'pipe:1'],
    ],
    stdin: true,
    stdout: true,
  })
  const chunks: Uint8Array[] = []
  program.stdout?.on('data', (chunk: Uint8Array) => chunks.push(chunk))
  program.stdin?.end(bytes)
  expect(await program.ended).toMatchObject({ code: 0, tail: '' })
  const text = Buffer.concat(chunks).toString()
  const size = /#dimensions 0: (\S+)/.exec(text)?.[1] ?? null
  return { frames: text.split('\n').filter((line) => /^\d/.test(line)).length, size }
}

/** Decodes each segment on its own (behind its init section), as a player that joins there would. */
export async function decodeEach({ init, segments }: PackagedRendition): Promise<Decoded[]> {
  const decoded: Decoded[] = []
  for (const { bytes } of segments) decoded.push(await decode(Buffer.concat([init, bytes])))
  return decoded
}
