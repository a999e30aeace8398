import { failureOf, fluent } from './fluent.ts'
import { startProgram } from './program.ts'

export interface FfmpegCapabilities {
  /** For instance `5.1.9-0+deb12u1`; null when the program does not say. */
  readonly version: string | null
  readonly encoders: ReadonlySet<string>
}

/** Encoders without which nothing can be transcoded, thumbnails included. */
export const neededEncoders = ['libx264', 'aac', 'mjpeg', 'pcm_s16le'] as const

/**
 * What the installed ffmpeg can do.
 * @throws AppError FFMPEG_MISSING, FFMPEG_FAILED
 */
export async function ffmpegCapabilities(): Promise<FfmpegCapabilities> {
  const [version, encoders] = await Promise.all([versionOf(), encodersOf()])
  return { version, encoders }
}

function encodersOf(): Promise<ReadonlySet<string>> {
  return new Promise((resolve, reject) => {
    fluent.getAvailableEncoders((error, encoders) => {
      if (error) reject(failureOf(error))
      else resolve(new Set(Object.keys(encoders)))
    })
  })
}

async function versionOf(): Promise<string | null> {
  const program = startProgram({ program: 'ffmpeg', args: ['-hide_banner', '-version'], stdout: true })
  const chunks: Uint8Array[] = []
  program.stdout?.on('data', (chunk: Uint8Array) => chunks.push(chunk))
  const end = await program.ended
  if (end.cause === 'not-started') throw failureOf(new Error(`${end.tail} ENOENT`))
  return /^ffmpeg version (\S+)/.exec(Buffer.concat(chunks).toString('utf8'))?.[1] ?? null
}
