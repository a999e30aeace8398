import type { FeedPacket } from '#archive/hls/feed.ts'
import type { LivePipeline, LivePipelineFactory, PipelineFault, SpanCause } from '#archive/hls/packaging.ts'
import type { SoundWatch } from '#archive/hls/sound-watch.ts'
import type { Recorder } from '../recorder/recorder.ts'
import { SlateRun, type SlateRunDeps } from './slate-run.ts'

/** What is being made of one open meeting's feed: the pipeline and the recording that it fills. */
export interface Capture {
  push(packet: FeedPacket): void
  /** Ends the current span at once; the next admitted keyframe begins another. */
  cut(cause: SpanCause): void
  /** Flushes the pipeline and closes the recording for good (or until it is reopened). */
  end(atMs: number): Promise<void>
  /** Stops without flushing: the recording is to be deleted. */
  discard(): Promise<void>
  /** Flushes what is in hand because the process is about to end; the recording stays open. */
  suspend(): Promise<void>
  /** The state in which nothing is let in; null while the meeting is live. */
  still(why: 'paused' | 'closed' | null): void
  /** WallTime of the last admitted packet, or null. */
  readonly lastMediaAtMs: number | null
  /** WallTime since which the feed's sound has been silent, or null. */
  readonly silentSinceMs: number | null
}

export interface CaptureDeps {
  readonly recorder: Recorder
  readonly sound: SoundWatch
  readonly pipelines: LivePipelineFactory
  readonly report: (fault: PipelineFault) => void
  readonly slates: Omit<SlateRunDeps, 'recorder' | 'cut'>
}

export function startCapture({ recorder, sound, pipelines, report, slates }: CaptureDeps): Capture {
  let discarded = false
  let lastMediaAtMs: number | null = null
  const pipeline: LivePipeline = pipelines({
    nextNumber: () => recorder.nextNumber(),
    emit: (event) => {
      if (discarded) return
      slate.packaged(event)
      recorder.record(event)
    },
    report,
  })
  const slate = new SlateRun({ ...slates, recorder, cut: (cause) => pipeline.cut(cause) })
  return {
    push(packet) {
      if (packet.kind === 'video' || packet.kind === 'audio') {
        lastMediaAtMs = packet.arrivedAtMs
        slate.media(packet.arrivedAtMs)
      }
      sound.push(packet)
      pipeline.push(packet)
    },
    cut: (cause) => pipeline.cut(cause),
    still: (why) => slate.still(why),
    async end(atMs) {
      sound.close()
      slate.close()
      await pipeline.close('meeting-ended')
      await recorder.end(atMs)
    },
    async discard() {
      discarded = true
      sound.close()
      slate.close()
      await pipeline.close('stopped')
      await recorder.abandon()
    },
    async suspend() {
      sound.close()
      slate.close()
      await pipeline.close('stopped')
      await recorder.suspend()
    },
    get lastMediaAtMs() {
      return lastMediaAtMs
    },
    get silentSinceMs() {
      return sound.silentSinceMs
    },
  }
}
