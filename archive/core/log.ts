import { type Logger, pino } from 'pino'

export type Log = Logger

/** Keys whose values are secrets, wherever they stand in a logged object. */
const secrets = [
  'key',
  'streamKey',
  'secret',
  'password',
  'authorization',
  '*.key',
  '*.streamKey',
  '*.secret',
  '*.password',
]

/**
 * JSON lines on standard error, one object each: `time` (ISO 8601), `level` (word), `process`, `msg`, and ids as keys.
 * Standard output is left to what a person or a script asked for.
 */
export function createLog(process: string, level = 'info'): Log {
  return pino(
    {
      level,
      base: { process },
      redact: { paths: secrets, censor: '[secret]' },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    pino.destination({ fd: 2, sync: true }),
  )
}
