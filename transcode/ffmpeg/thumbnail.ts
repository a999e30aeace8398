import { PassThrough, Readable } from 'node:stream'
import { failureOf, fluent } from './fluent.ts'

/**
 * The first picture of an init section and the bytes of one segment, as JPEG, at most `width` pixels wide.
 * @throws AppError FFMPEG_MISSING, FFMPEG_FAILED
 */
export function thumbnail(init: Uint8Array, segment: Uint8Array, width = 640): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const jpeg = new PassThrough()
    const chunks: Buffer[] = []
    jpeg.on('data', (chunk: Buffer) => chunks.push(chunk))
    fluent(Readable.from([Buffer.concat([init, segment])]))
      .inputFormat('mp4')
      .noAudio()
      .frames(1)
      .videoFilters(`scale='min(${width},iw)':-2`)
      .videoCodec('mjpeg')
      .outputOptions('-q:v', '4')
      .format('image2pipe')
      .on('error', (error) => reject(failureOf(error)))
      .on('end', () => resolve(Buffer.concat(chunks)))
      .pipe(jpeg, { end: true })
  })
}
