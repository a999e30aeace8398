import { Readable } from 'node:stream'
import { pcmSamples } from '../transcripts/pcm-samples.ts'
import { type AudioDecoder, speechSampleRate } from '../transcripts/speech-engine.ts'

/** A program that turns media bytes into mono 32-bit float samples, as `transcode/ffmpeg` offers it. */
export type DecodeProgram = (
  input: Readable,
  format: { readonly sampleRate: number; readonly encoding: 'f32le' },
) => Readable

/** Leaving the samples early, an abort, or an error of the media bytes ends the program. */
export function audioDecoder(decodeProgram: DecodeProgram): AudioDecoder {
  return {
    async *decode(media, signal) {
      const input = Readable.from(media)
      const output = decodeProgram(input, { sampleRate: speechSampleRate, encoding: 'f32le' })
      const stop = () => output.destroy()
      // The program would take the end of a broken input for the end of the media.
      input.once('error', (error) => output.destroy(error))
      signal?.addEventListener('abort', stop, { once: true })
      try {
        yield* pcmSamples(output)
        signal?.throwIfAborted()
      } finally {
        signal?.removeEventListener('abort', stop)
        output.destroy()
        input.destroy()
      }
    },
  }
}
