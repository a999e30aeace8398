import { systemClock } from '#archive/core/clock.ts'
import type { FeedPacket } from '#archive/hls/feed.ts'
import type { LivePipeline, PackagedEvent, PipelineFault } from '#archive/hls/packaging.ts'
import type { StartEncoder } from '../../../transcode/live/encoder.ts'
import { startFfmpegEncoder } from '../../../transcode/live/ffmpeg-encoder.ts'
import { createLivePipeline, type LivePipelineDeps } from '../../../transcode/live/pipeline.ts'
import { systemTimers } from '../../../transcode/live/timers.ts'

export interface PipelineRun {
  readonly pipeline: LivePipeline
  readonly events: PackagedEvent[]
  readonly faults: PipelineFault[]
}

/** A pipeline with real ffmpeg, real time, and everything that it emits. */
export function startPipeline(given: Partial<LivePipelineDeps> = {}): PipelineRun {
  const events: PackagedEvent[] = []
  const faults: PipelineFault[] = []
  let number = 100
  const factory = createLivePipeline({
    clock: systemClock(),
    timers: systemTimers,
    startEncoder: startFfmpegEncoder satisfies StartEncoder,
    setting: ['480p', '360p'],
    capacity: () => null,
    sourceMaxBitrateBps: 8_000_000,
    ...given,
  })
  const pipeline = factory({
    nextNumber: () => number++,
    emit: (event) => events.push(event),
    report: (fault) => faults.push(fault),
  })
  return { pipeline, events, faults }
}

/** Pushes packets in the pace of their times, `speed` times as fast, as arriving at that moment. */
export async function play(
  packets: readonly FeedPacket[],
  pipeline: LivePipeline,
  { speed = 3, onTime }: { speed?: number; onTime?: (ms: number) => void } = {},
): Promise<void> {
  const clock = systemClock()
  const startedAtMs = clock.wallMs()
  for (const packet of packets) {
    const dueMs = startedAtMs + packet.arrivedAtMs / speed
    while (clock.wallMs() < dueMs) await new Promise((wake) => setTimeout(wake, 5))
    onTime?.(packet.arrivedAtMs)
    pipeline.push({ ...packet, arrivedAtMs: startedAtMs + packet.arrivedAtMs })
  }
}
