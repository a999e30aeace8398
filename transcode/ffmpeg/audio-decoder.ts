import { PassThrough, type Readable } from 'node:stream'
import { failureOf, fluent } from './fluent.ts'

export interface PcmFormat {
  readonly sampleRate: number
  /** Little endian: signed 16-bit integers, or 32-bit floats from -1 to 1. */
  readonly encoding: 's16le' | 'f32le'
}

/** What speech recognition takes. */
export const speechPcm: PcmFormat = { sampleRate: 16_000, encoding: 's16le' }

/**
 * Decodes the first audio track of fragmented MP4 bytes (init section, then segments) to mono PCM. The stream that is
 * returned fails with AppError FFMPEG_MISSING or FFMPEG_FAILED; destroying it ends the program.
 */
export function decodeAudio(input: Readable, format: PcmFormat = speechPcm): Readable {
  const pcm = new PassThrough()
  const command = fluent(input)
    .inputFormat('mp4')
    .noVideo()
    .audioChannels(1)
    .audioFrequency(format.sampleRate)
    .audioCodec(`pcm_${format.encoding}`)
    .format(format.encoding)
    .on('error', (error) => pcm.destroy(failureOf(error)))
    .on('end', () => pcm.end())
  // The pipe must not end `pcm`: a failure is known only after the last byte.
  command.pipe(pcm, { end: false })
  pcm.once('close', () => command.kill('SIGKILL'))
  return pcm
}
