import { setTimeout as pause } from 'node:timers/promises'
import { startProgram } from '../../transcode/ffmpeg/program.ts'
import { StampedPicture } from './latency-stamp.ts'

export interface StampedFeed {
  /** Frames that were left out because the encoder could not keep up. */
  dropped(): number
  stop(): Promise<void>
}

export interface FeedFormat {
  readonly width: number
  readonly height: number
  readonly framesPerSecond: number
  readonly bitrateBps: number
}

/** Frames that may wait in the pipe; more are dropped, as a camera would. */
const mostWaiting = 3

/** Publishes a picture stamped with the wall clock, and a tone, as an encoder with `zerolatency` would, in real time. */
export function startStampedFeed(rtmpUrl: string, format: FeedFormat): StampedFeed {
  const { width, height, framesPerSecond, bitrateBps } = format
  const program = startProgram({
    program: 'ffmpeg',
    args: [
      ...['-hide_banner', '-loglevel', 'error', '-thread_queue_size', '64'],
      ...['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-video_size', `${width}x${height}`],
      ...['-framerate', String(framesPerSecond), '-use_wallclock_as_timestamps', '1', '-i', 'pipe:0'],
      ...['-re', '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000'],
      ...['-fps_mode', 'cfr', '-r', String(framesPerSecond)],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', String(framesPerSecond * 2)],
      ...[
        '-sc_threshold',
        '0',
        '-b:v',
        String(bitrateBps),
        '-maxrate',
        String(bitrateBps),
        '-bufsize',
        String(bitrateBps),
      ],
      ...['-c:a', 'aac', '-b:a', '96k', '-ac', '2', '-f', 'flv', '-flvflags', 'no_duration_filesize', rtmpUrl],
    ],
    stdin: true,
  })
  const picture = new StampedPicture(width, height)
  const frameMs = 1000 / framesPerSecond
  const most = mostWaiting * width * height * 1.5
  let dropped = 0
  let stopped = false
  const pump = async () => {
    const startedAt = performance.now()
    for (let index = 0; !stopped; index++) {
      await pause(Math.max(0, startedAt + index * frameMs - performance.now()))
      const { stdin } = program
      if (!stdin || stdin.writableLength > most) dropped++
      else stdin.write(picture.frame(index, Date.now()))
    }
  }
  const pumping = pump()
  return {
    dropped: () => dropped,
    async stop() {
      stopped = true
      await pumping
      program.stdin?.end()
      await program.stop()
    },
  }
}
