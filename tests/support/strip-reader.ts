import { startProgram } from '../../transcode/ffmpeg/program.ts'
import { numberInStrip, strip } from './counter-clip.ts'

/** The numbers in the pictures of an init section and what follows it, in order; pictures that cannot be read are left out. */
export async function numbersIn(media: Buffer): Promise<number[]> {
  const decoder = startProgram({
    program: 'ffmpeg',
    args: [
      ...['-hide_banner', '-loglevel', 'error', '-f', 'mp4', '-i', 'pipe:0', '-fps_mode', 'passthrough'],
      ...['-vf', `scale=${strip.columns}:${strip.rows}:flags=area,format=gray`, '-f', 'rawvideo', 'pipe:1'],
    ],
    stdin: true,
    stdout: true,
  })
  const chunks: Buffer[] = []
  decoder.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
  decoder.stdin?.end(media)
  await decoder.ended
  const pictures = Buffer.concat(chunks)
  const size = strip.columns * strip.rows
  const numbers: number[] = []
  for (let at = 0; at + size <= pictures.length; at += size) {
    const number = numberInStrip(pictures.subarray(at, at + size))
    if (number !== null) numbers.push(number)
  }
  return numbers
}
