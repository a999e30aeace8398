import { readFile, rename, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { z } from 'zod'
import { AppError } from '#archive/core/errors.ts'
import { startProgram } from '../ffmpeg/program.ts'
import type { Capacity } from './capacity.ts'
import { chooseLadder, type EncodedRendition } from './choice.ts'
import { encoderArguments } from './encoder-arguments.ts'

const picture = { width: 1280, height: 720, sar: { num: 1, den: 1 } } as const
const framesPerSecond = 25
const frames = 75
/** A machine on which three seconds of film take longer than this encodes nothing live. */
const patienceMs = 60_000

/** Processor and real seconds of one run of ffmpeg. */
interface RunCost {
  readonly cpuSeconds: number
  readonly realSeconds: number
}

const calibrationFile = z.object({
  version: z.literal(1),
  cores: z.number().positive(),
  decodePerMegapixel: z.number().nonnegative(),
  encodePerMegapixel: z.object({
    '1080p': z.number().positive(),
    '720p': z.number().positive(),
    '480p': z.number().positive(),
    '360p': z.number().positive(),
  }),
})

/** The kept measurement, or null when there is none that can be read. */
export async function readCalibration(file: string): Promise<Capacity | null> {
  try {
    return calibrationFile.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch {
    return null
  }
}

/** Measured once for a data folder: read from `file`, else measured (a few seconds of all processors) and kept there. */
export async function calibrated(file: string, signal?: AbortSignal): Promise<Capacity> {
  const kept = await readCalibration(file)
  if (kept) return kept
  const capacity = await measureCapacity(signal)
  const unfinished = `${file}.new`
  await writeFile(unfinished, `${JSON.stringify({ version: 1, ...capacity }, null, 2)}\n`)
  await rename(unfinished, file)
  return capacity
}

/**
 * Encodes three seconds of noisy 720p, rung by rung and then together, with the arguments of the live encoder.
 * @throws AppError LADDER_CALIBRATION_FAILED
 */
export async function measureCapacity(signal?: AbortSignal): Promise<Capacity> {
  const film = await noisyFilm(signal)
  const renditions = chooseLadder({
    picture,
    framesPerSecond,
    top: 'encoded',
    setting: ['720p', '480p', '360p'],
    capacity: null,
    steps: 0,
  })
  const decode = await measure(['-f', 'flv', '-i', 'pipe:0', '-f', 'null', '-'], { film, outputs: 0, signal })
  const perMegapixel: Partial<Record<EncodedRendition['name'], number>> = {}
  for (const rendition of renditions) {
    const { cpuSeconds } = await encode([rendition], film, signal)
    const megapixels = (rendition.width * rendition.height * frames) / 1e6
    perMegapixel[rendition.name] = Math.max(1e-4, (cpuSeconds - decode.cpuSeconds) / megapixels)
  }
  const together = await encode(renditions, film, signal)
  const { '720p': p720 = 1, '480p': p480 = 1, '360p': p360 = 1 } = perMegapixel
  return {
    cores: Math.min(availableParallelism(), Math.max(0.1, together.cpuSeconds / together.realSeconds)),
    decodePerMegapixel: decode.cpuSeconds / ((picture.width * picture.height * frames) / 1e6),
    // A pixel costs a little less the larger the picture: 720p stands in for 1080p on the safe side.
    encodePerMegapixel: { '1080p': p720, '720p': p720, '480p': p480, '360p': p360 },
  }
}

function encode(renditions: readonly EncodedRendition[], film: Buffer, signal?: AbortSignal): Promise<RunCost> {
  const args = encoderArguments({ renditions, keyframes: 2_000, deinterlace: false, constantRate: null })
  return measure(args, { film, outputs: renditions.length, signal })
}

async function noisyFilm(signal: AbortSignal | undefined): Promise<Buffer> {
  const scene = `testsrc2=size=${picture.width}x${picture.height}:rate=${framesPerSecond},noise=alls=15:allf=t`
  const program = startProgram({
    program: 'ffmpeg',
    args: [
      ...['-v', 'error', '-f', 'lavfi', '-i', scene, '-frames:v', String(frames), '-pix_fmt', 'yuv420p'],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '26', '-f', 'flv', 'pipe:1'],
    ],
    stdout: true,
    stallMs: patienceMs,
    ...(signal ? { signal } : {}),
  })
  const chunks: Uint8Array[] = []
  program.stdout?.on('data', (chunk: Uint8Array) => chunks.push(chunk))
  const end = await program.ended
  if (end.code !== 0) throw new AppError('LADDER_CALIBRATION_FAILED', { cause: new Error(end.tail) })
  return Buffer.concat(chunks)
}

/** `-benchmark` ends with a line such as `bench: utime=1.2s stime=0.1s rtime=0.9s`. */
const benchLine = /bench: utime=([\d.]+)s stime=([\d.]+)s rtime=([\d.]+)s/

interface Measured {
  readonly film: Buffer
  readonly outputs: number
  readonly signal: AbortSignal | undefined
}

async function measure(args: readonly string[], { film, outputs, signal }: Measured): Promise<RunCost> {
  const program = startProgram({
    program: 'ffmpeg',
    // The benchmark speaks at ffmpeg's usual level, which the live encoder turns down.
    args: ['-benchmark', ...args.filter((arg) => arg !== '-loglevel' && arg !== 'error')],
    stdin: true,
    outputs,
    ...(signal ? { signal } : {}),
  })
  const timer = setTimeout(() => program.kill(), patienceMs)
  for (const pipe of program.outputs) pipe.resume()
  program.stdin?.end(film)
  const end = await program.ended.finally(() => clearTimeout(timer))
  const [, user, system, real] = benchLine.exec(end.tail) ?? []
  if (end.code !== 0 || !user || !system || !real) {
    throw new AppError('LADDER_CALIBRATION_FAILED', { cause: new Error(end.tail) })
  }
  return { cpuSeconds: Number(user) + Number(system), realSeconds: Number(real) }
}
