import { startProgram } from '../../transcode/ffmpeg/program.ts'

/** The picture's number stands in it as sixteen black and white columns, white over black for a one. */
export const strip = { columns: 16, rows: 12 } as const
export const clipFrameMs = 40
const clipSeconds = 90

export interface ClipUnit {
  readonly kind: 'video' | 'audio'
  readonly timeMs: number
  readonly keyframe: boolean
  readonly data: Buffer
}

export interface CounterClip {
  /** AVCDecoderConfigurationRecord. */
  readonly avcC: Buffer
  /** AudioSpecificConfig. */
  readonly asc: Buffer
  /** By time; the pictures' numbers count from 0. */
  readonly units: readonly ClipUnit[]
  readonly durationMs: number
  /** How many: the number in the strip begins again after them. */
  readonly pictures: number
}

/** A picture of every number and a tone, with a keyframe every second and no reordering. */
export async function makeCounterClip(): Promise<CounterClip> {
  const frames = (clipSeconds * 1000) / clipFrameMs
  const program = startProgram({
    program: 'ffmpeg',
    args: [
      ...['-hide_banner', '-loglevel', 'error', '-f', 'rawvideo', '-pix_fmt', 'gray', '-framerate', '25'],
      ...['-video_size', `${strip.columns}x${strip.rows}`, '-i', 'pipe:0'],
      ...['-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=48000:duration=${clipSeconds}`],
      ...['-vf', 'scale=640:480:flags=neighbor,format=yuv420p', '-c:v', 'libx264', '-preset', 'ultrafast'],
      ...['-tune', 'zerolatency', '-g', '25', '-keyint_min', '25', '-sc_threshold', '0', '-qp', '20'],
      ...['-c:a', 'aac', '-b:a', '64k', '-ac', '2', '-flvflags', 'no_duration_filesize', '-f', 'flv', 'pipe:1'],
    ],
    stdin: true,
    stdout: true,
  })
  const chunks: Buffer[] = []
  program.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
  for (let number = 0; number < frames; number += 1) program.stdin?.write(stripOf(number))
  program.stdin?.end()
  const { code, tail } = await program.ended
  if (code !== 0) throw new Error(`the clip could not be made: ${tail}`)
  return clipOf(Buffer.concat(chunks))
}

function stripOf(number: number): Buffer {
  const picture = Buffer.alloc(strip.columns * strip.rows)
  for (let row = 0; row < strip.rows; row += 1) {
    for (let column = 0; column < strip.columns; column += 1) {
      const isOne = ((number >> column) & 1) === 1
      picture[row * strip.columns + column] = isOne === row < strip.rows / 2 ? 235 : 16
    }
  }
  return picture
}

/** The number in a picture that was scaled to the strip's size in gray; null where it cannot be read. */
export function numberInStrip(picture: Buffer): number | null {
  let number = 0
  for (let column = 0; column < strip.columns; column += 1) {
    const upper = picture[2 * strip.columns + column] ?? 0
    const lower = picture[(strip.rows - 3) * strip.columns + column] ?? 0
    if (Math.abs(upper - lower) < 60) return null
    if (upper > lower) number |= 1 << column
  }
  return number
}

const flvHeaderBytes = 13
const tagHeaderBytes = 11

function clipOf(flv: Buffer): CounterClip {
  let avcC: Buffer = Buffer.alloc(0)
  let asc: Buffer = Buffer.alloc(0)
  const units: ClipUnit[] = []
  for (let at = flvHeaderBytes; at + tagHeaderBytes < flv.length; ) {
    const size = flv.readUIntBE(at + 1, 3)
    const timeMs = flv.readUIntBE(at + 4, 3)
    const body = flv.subarray(at + tagHeaderBytes, at + tagHeaderBytes + size)
    const isConfig = body[1] === 0
    if (flv[at] === 9 && isConfig) avcC = body.subarray(5)
    else if (flv[at] === 9 && body[1] === 1)
      units.push({ kind: 'video', timeMs, keyframe: ((body[0] ?? 0) & 0xf0) === 0x10, data: body.subarray(5) })
    else if (flv[at] === 8 && isConfig) asc = body.subarray(2)
    else if (flv[at] === 8) units.push({ kind: 'audio', timeMs, keyframe: false, data: body.subarray(2) })
    at += tagHeaderBytes + size + 4
  }
  units.sort((a, b) => a.timeMs - b.timeMs)
  return {
    avcC,
    asc,
    units,
    durationMs: clipSeconds * 1000,
    pictures: units.filter(({ kind }) => kind === 'video').length,
  }
}
