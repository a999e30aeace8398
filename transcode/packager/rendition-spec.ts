import type { AudioSpec, VideoSpec } from '#archive/hls/packaging.ts'
import type { AacConfig } from '../codec/aac-config.ts'
import type { AvcConfig } from '../codec/avc-config.ts'
import type { Fraction } from '../codec/avc-vui.ts'
import type { EncodedRendition } from './span-options.ts'

interface Timing {
  readonly frameRate: Fraction | null
  readonly timescale: number
}

export function sourceSpec({ codecs, width, height }: AvcConfig, timing: Timing): VideoSpec {
  return { kind: 'video', name: 'source', codecs, width, height, ...timing }
}

export function encodedSpec({ name, codecs, width, height, frameRate }: EncodedRendition, master: Timing): VideoSpec {
  const { timescale } = master
  return { kind: 'video', name, codecs, width, height, timescale, frameRate: frameRate ?? master.frameRate }
}

/** A tick of sound is one sample. */
export function audioSpec({ codecs, channels, sampleRate }: AacConfig): AudioSpec {
  return { kind: 'audio', name: 'audio', codecs, channels, sampleRate, timescale: sampleRate }
}
