import type { Clock } from '#archive/core/clock.ts'
import type { Log } from '#archive/core/log.ts'
import type { AudioFrame, FeedPacket } from '#archive/hls/feed.ts'
import type { SoundWatch } from '#archive/hls/sound-watch.ts'
import { type AacConfig, parseAacConfig } from '../codec/aac-config.ts'
import { type RunningProgram, startProgram } from '../ffmpeg/program.ts'
import { adtsFrame } from './adts.ts'

/** Below this, as RMS of full scale, nobody is speaking: an empty chamber's ventilation is around -55 dB. */
const silenceDb = -50
/** Pauses in speech are shorter. */
const silenceSeconds = 20
/** Bytes that may wait for the listener: some seconds; beyond it the sound is let go rather than kept. */
const mostWaiting = 256 * 1024
const restartAfterMs = 10_000

/**
 * Listens through a small ffmpeg that decodes the sound and tells nothing but the times at which silence begins and
 * ends. When it dies it is started again a while later; media never waits for it.
 */
export function startSilenceWatch({ clock, log }: { clock: Clock; log: Log }): SoundWatch {
  let config: AacConfig | null = null
  let program: RunningProgram | null = null
  let silentSinceMs: number | null = null
  let mayStartAtMs = 0
  let closed = false

  const start = () => {
    const started = startProgram({
      program: 'ffmpeg',
      args: listenerArguments,
      stdin: true,
      stdout: true,
      niceness: 10,
    })
    program = started
    let pending = ''
    started.stdout?.setEncoding('utf8').on('data', (text: string) => {
      pending += text
      const lines = pending.split('\n')
      pending = lines.pop() ?? ''
      for (const line of lines) {
        if (line.startsWith('lavfi.silence_start')) silentSinceMs = clock.wallMs() - silenceSeconds * 1000
        else if (line.startsWith('lavfi.silence_end')) silentSinceMs = null
      }
    })
    started.ended.then(
      ({ tail }) => {
        if (program !== started) return
        program = null
        silentSinceMs = null
        mayStartAtMs = clock.monotonicMs() + restartAfterMs
        if (!closed) log.warn({ tail: tail.slice(-200) }, 'the sound is not listened to for a while')
      },
      (error: unknown) => log.error({ err: error }, 'the listener ended badly'),
    )
  }

  const listen = (frame: AudioFrame) => {
    if (!config) return
    if (!program && clock.monotonicMs() >= mayStartAtMs) start()
    const bytes = adtsFrame(config, frame.data)
    const pipe = program?.stdin
    if (bytes && pipe && pipe.writableLength < mostWaiting) pipe.write(bytes)
  }

  return {
    push(packet: FeedPacket) {
      if (closed) return
      if (packet.kind === 'audio-config' && packet.codec === 'aac') {
        const parsed = parseAacConfig(packet.data)
        config = parsed.ok ? parsed.value : null
      } else if (packet.kind === 'audio') listen(packet)
    },
    get silentSinceMs() {
      return silentSinceMs
    },
    close() {
      closed = true
      program?.kill()
    },
  }
}

const listenerArguments = [
  ...['-hide_banner', '-loglevel', 'error', '-probesize', '4096', '-f', 'aac', '-i', 'pipe:0'],
  ...['-af', `silencedetect=noise=${silenceDb}dB:duration=${silenceSeconds},ametadata=mode=print:file=-:direct=1`],
  ...['-f', 'null', '-'],
]
