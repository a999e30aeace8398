import { type ProgramEnd, startProgram } from './program.ts'

export interface PublishSource {
  /** Input options and inputs, one token per element, for instance `['-re', '-i', 'FILE']`. */
  readonly inputs: readonly string[]
  /** How the inputs become H.264 and AAC; copied as they are when absent. */
  readonly encoding?: readonly string[]
}

export interface Publisher {
  readonly pid: number | null
  readonly ended: Promise<ProgramEnd>
  stop(): Promise<ProgramEnd>
  /** As a pulled plug: no farewell. */
  kill(): void
}

export interface TestFeed {
  readonly size?: `${number}x${number}`
  readonly rate?: number
  readonly keyframeSeconds?: number
  readonly bitrateBps?: number
  readonly seconds?: number
  readonly audio?: boolean
}

/** Publishes what the inputs give to an RTMP address, as an encoder in a council chamber would. */
export function publish(source: PublishSource, rtmpUrl: string): Publisher {
  const program = startProgram({
    program: 'ffmpeg',
    args: [
      '-hide_banner',
      '-loglevel',
      'warning',
      '-nostdin',
      ...source.inputs,
      ...(source.encoding ?? ['-c', 'copy']),
      '-f',
      'flv',
      '-flvflags',
      'no_duration_filesize',
      rtmpUrl,
    ],
  })
  return { pid: program.pid, ended: program.ended, stop: () => program.stop(), kill: () => program.kill() }
}

/** A moving test picture with a clock and a tone, in real time. */
export function testFeed(feed: TestFeed = {}): PublishSource {
  const { size = '640x360', rate = 25, keyframeSeconds = 2, bitrateBps = 800_000, audio = true } = feed
  const limit = feed.seconds === undefined ? [] : ['-t', String(feed.seconds)]
  return {
    inputs: [
      ...['-re', '-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${rate}`],
      ...(audio ? ['-re', '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000'] : []),
    ],
    encoding: [
      ...limit,
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p'],
      ...['-g', String(rate * keyframeSeconds), '-keyint_min', String(rate * keyframeSeconds), '-sc_threshold', '0'],
      ...['-b:v', String(bitrateBps), '-maxrate', String(bitrateBps), '-bufsize', String(bitrateBps)],
      ...(audio ? ['-c:a', 'aac', '-b:a', '96k', '-ac', '2'] : []),
    ],
  }
}
