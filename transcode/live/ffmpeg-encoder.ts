import type { VideoFrame } from '#archive/hls/feed.ts'
import { startProgram } from '../ffmpeg/program.ts'
import { flvHeader, flvMetadata, flvTag } from '../flv/flv-writer.ts'
import { encoderArguments } from '../ladder/encoder-arguments.ts'
import type { RungName } from '../ladder/rung.ts'
import { FragmentReader } from '../mp4/fragment-reader.ts'
import type { Encoder, EncoderEvents, EncoderStart } from './encoder.ts'
import { PipeQueue } from './pipe-queue.ts'

/** Beyond this much unread media the encoder is given up; the watch takes renditions away long before. */
const queueLimitMs = 12_000
/** The first frame's time as ffmpeg sees it: far enough from zero for any composition offset. */
const firstTimeMs = 10_000
/** Packaging and serving come first when the processors are short. */
const niceness = 5

/** The ladder in one ffmpeg: FLV in, one pipe of one-frame fragments per rendition out. */
export function startFfmpegEncoder({ plan, config, framesPerSecond, events }: EncoderStart): Encoder {
  const program = startProgram({
    program: 'ffmpeg',
    args: encoderArguments(plan),
    stdin: true,
    outputs: plan.renditions.length,
    niceness,
  })
  let problem: string | null = null
  let finishing = false
  let killed = false
  let baseMs: number | null = null
  const fail = (why: string) => {
    problem ??= why
    program.kill()
  }
  const queue = program.stdin ? new PipeQueue(program.stdin, queueLimitMs) : null
  plan.renditions.forEach(({ name }, i) => {
    const read = outputReader(name, events)
    program.outputs[i]?.on('data', (chunk: Uint8Array) => {
      const unreadable = baseMs === null ? 'output before input' : read(chunk, baseMs)
      if (unreadable) fail(unreadable)
    })
  })
  void program.ended.then((end) => {
    const clean = finishing && end.cause === 'exited' && end.code === 0
    const cause = killed ? 'killed' : clean && problem === null ? 'finished' : 'died'
    events.end({ cause, detail: problem ?? `${end.signal ?? `exit code ${end.code}`} ${end.tail}`.trim() })
  })

  const open = (first: VideoFrame): number => {
    queue?.push(0, flvHeader({ video: true, audio: false }))
    if (framesPerSecond !== null) queue?.push(0, flvMetadata({ framerate: framesPerSecond }))
    const header = { kind: 'video-config', codec: 'h264', data: config, arrivedAtMs: first.arrivedAtMs } as const
    queue?.push(0, flvTag(header, 0))
    return first.dtsMs - firstTimeMs
  }
  return {
    push: (frame) => {
      if (finishing) return
      baseMs ??= open(frame)
      const taken = queue?.push(frame.dtsMs - baseMs, flvTag(frame, baseMs)) ?? false
      if (!taken) fail('it did not read its input')
    },
    finish: () => {
      finishing = true
      queue?.end()
    },
    kill: () => {
      killed = true
      program.kill()
    },
  }
}

/** Hands on what one pipe gives; answers why when it cannot be read. */
function outputReader(rendition: RungName, events: EncoderEvents) {
  const fragments = new FragmentReader()
  let timescale = 1000
  return (chunk: Uint8Array, baseMs: number): string | null => {
    try {
      for (const event of fragments.push(chunk)) {
        if (event.type === 'init') {
          timescale = event.init.timescale
          events.config(rendition, event.init.config)
        } else {
          const ptsMs = (event.ptsTicks * 1000) / timescale + baseMs
          events.frame(rendition, { ptsMs, keyframe: event.keyframe, data: event.data })
        }
      }
      return null
    } catch (error) {
      return `${rendition}: ${error instanceof Error ? error.message : String(error)}`
    }
  }
}
