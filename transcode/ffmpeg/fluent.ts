import fluent from 'fluent-ffmpeg'
import { AppError } from '#archive/core/errors.ts'

// fluent-ffmpeg asks for the path of a program; these two become nobody first when we are root.
fluent.setFfmpegPath(`${import.meta.dirname}/unprivileged/ffmpeg`)
fluent.setFfprobePath(`${import.meta.dirname}/unprivileged/ffprobe`)

export { fluent }

/** What fluent-ffmpeg throws, as ours: FFMPEG_MISSING where there is no program to run, else FFMPEG_FAILED. */
export function failureOf(error: unknown): AppError {
  const text = error instanceof Error ? error.message : String(error)
  const lastLine = text.trim().split('\n').at(-1) ?? ''
  if (/ENOENT|not found|Cannot find ff/.test(text)) return new AppError('FFMPEG_MISSING', { cause: error })
  return new AppError('FFMPEG_FAILED', { message: `ffmpeg could not read the media: ${lastLine}`, cause: error })
}
