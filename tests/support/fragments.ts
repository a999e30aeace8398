import type { RenditionSpec } from '#archive/hls/packaging.ts'
import { writeFragment } from '../../transcode/mp4/fragment-writer.ts'

/** A part as the packager writes them: one fragment, its first sample a keyframe when `independent`. */
export function partBytes(
  spec: RenditionSpec,
  part: { startTicks: number; durationTicks: number; independent: boolean; payloadBytes?: number },
): Uint8Array {
  const frames = 10
  const duration = Math.floor(part.durationTicks / frames)
  return writeFragment({
    sequence: 1,
    trackId: 1,
    baseDecodeTime: part.startTicks,
    samples: Array.from({ length: frames }, (_, index) => ({
      duration: index === 0 ? part.durationTicks - duration * (frames - 1) : duration,
      keyframe: spec.kind === 'audio' || (part.independent && index === 0),
      compositionOffset: 0,
      data: Buffer.alloc((part.payloadBytes ?? 1000) / frames, index),
    })),
  })
}
