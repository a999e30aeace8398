import { z } from 'zod'

const address = z
  .string()
  .regex(
    /^(\[[0-9a-fA-F:.]+\]|[^:[\]\s]+):\d{1,5}$/,
    'write host:port, for instance 0.0.0.0:8080; port 0 picks a free one',
  )
  .transform((text) => {
    const at = text.lastIndexOf(':')
    return { host: text.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(text.slice(at + 1)) }
  })
  .refine(({ port }) => port <= 65_535, 'a port is at most 65535')

const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max)

const languages = ['nl', 'fr', 'de', 'en'] as const

const ladder = z
  .string()
  .regex(
    /^(auto|none|(1080p|720p|480p|360p)(,(1080p|720p|480p|360p))*)$/,
    'write auto, none, or heights such as 480p,360p',
  )

/**
 * Every setting, by its environment name; a settings file carries the same names. `describe` is what the settings
 * reference prints. Everything has a default that runs on a laptop.
 */
export const settingsSchema = z.object({
  HEMICYCLE_DATA: z
    .string()
    .min(1)
    .default('.hemicycle')
    .describe('Folder of everything that is kept: catalogue, spool, state, and the store unless it is elsewhere.'),
  HEMICYCLE_HTTP: address
    .default({ host: '127.0.0.1', port: 8080 })
    .describe('Where the public site listens, host:port. Port 0 picks a free one.'),
  HEMICYCLE_RTMP: address
    .default({ host: '0.0.0.0', port: 1935 })
    .describe('Where encoders publish, host:port. Port 0 picks a free one.'),
  HEMICYCLE_RTMPS: address
    .optional()
    .describe('Where encoders publish over TLS, host:port; needs HEMICYCLE_TLS_CERT and HEMICYCLE_TLS_KEY.'),
  HEMICYCLE_TLS_CERT: z.string().optional().describe('PEM file with the certificate chain for RTMPS.'),
  HEMICYCLE_TLS_KEY: z.string().optional().describe('PEM file with the private key for RTMPS.'),
  HEMICYCLE_URL: z
    .url()
    .optional()
    .describe(
      'The address under which the public reaches the site, for links; derived from HEMICYCLE_HTTP when absent.',
    ),
  HEMICYCLE_STORE: z
    .string()
    .regex(/^file:.+/, 'write file:FOLDER')
    .optional()
    .describe('Where recordings live for good: file:FOLDER. The folder "store" within HEMICYCLE_DATA when absent.'),
  HEMICYCLE_DATABASE: z
    .string()
    .regex(/^file:.+/, 'write file:PATH')
    .optional()
    .describe('The catalogue: file:PATH. The file "catalogue.sqlite" within HEMICYCLE_DATA when absent.'),
  HEMICYCLE_LADDER: ladder
    .default('auto')
    .describe(
      'Renditions encoded beside the source: heights such as 480p,360p, or none; auto fits them to the machine by a calibration at first start.',
    ),
  HEMICYCLE_SPEECH_MODEL: z
    .string()
    .optional()
    .describe('Folder with a speech model; when set, the worker transcribes every public recording.'),
  HEMICYCLE_TOWN_NAME: z.string().min(1).default('Hemicycle').describe('Name of the town, shown on every page.'),
  HEMICYCLE_TIME_ZONE: z
    .string()
    .refine((zone) => isTimeZone(zone), 'write an IANA zone, for instance Europe/Brussels')
    .default('Europe/Brussels')
    .describe('IANA time zone of the town.'),
  HEMICYCLE_LANGUAGE: z
    .enum(languages)
    .default('nl')
    .describe('Language of pages without a language in their address: nl, fr, de or en.'),
  HEMICYCLE_LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error'])
    .default('info')
    .describe('The least severe entries that are logged.'),
  HEMICYCLE_RTMP_MAX_CONNECTIONS: whole(1, 10_000).default(64).describe('Encoder connections open at once, in total.'),
  HEMICYCLE_RTMP_MAX_PER_ADDRESS: whole(1, 10_000)
    .default(16)
    .describe('Unverified encoder connections open at once from one address; one more, and the oldest is closed.'),
  HEMICYCLE_RTMP_FAILURES_PER_MINUTE: whole(1, 10_000)
    .default(20)
    .describe(
      'Failed attempts a minute from one address, past which its failures are neither answered nor logged; a correct key is always let in.',
    ),
  HEMICYCLE_RTMP_HANDSHAKE_MS: whole(100, 60_000)
    .default(5_000)
    .describe('Time an encoder has to finish its handshake and name its key, in milliseconds.'),
  HEMICYCLE_RTMP_FIRST_MEDIA_MS: whole(100, 120_000)
    .default(15_000)
    .describe('Time a verified encoder has to send its first media, in milliseconds.'),
  HEMICYCLE_RTMP_IDLE_MS: whole(1_000, 600_000)
    .default(20_000)
    .describe('Silence on an encoder connection after which it is closed, in milliseconds.'),
  HEMICYCLE_RTMP_UNVERIFIED_BYTES: whole(4_096, 16_777_216)
    .default(65_536)
    .describe('Bytes accepted from a connection before its key is verified.'),
  HEMICYCLE_RTMP_MAX_BITRATE: whole(100_000, 200_000_000)
    .default(30_000_000)
    .describe('Bits per second, averaged over five seconds, above which an encoder is disconnected.'),
  HEMICYCLE_SOURCE_MAX_BITRATE: whole(500_000, 100_000_000)
    .default(8_000_000)
    .describe('Bits per second up to which the source is published untouched; above it the top rendition is encoded.'),
  HEMICYCLE_UPLOAD_DISTANCE_S: whole(0, 86_400)
    .default(120)
    .describe('How far behind the live edge segments leave the spool for the store, in seconds.'),
  HEMICYCLE_SPOOL_MIN_FREE_MB: whole(1, 1_000_000)
    .default(200)
    .describe('Free space on the spool below which the operator is alarmed, in megabytes.'),
  HEMICYCLE_BANNER_AFTER_S: whole(0, 86_400)
    .default(60)
    .describe(
      'How long a fault of the published stream stands before viewers are told of it, in seconds; an acknowledged alarm is never shown.',
    ),
  HEMICYCLE_METRICS: address
    .optional()
    .describe(
      'Where /metrics (Prometheus) and a detailed /health are served, host:port; nowhere when absent. Keep it private.',
    ),
  HEMICYCLE_CACHE_AFTER_S: whole(0, 31_536_000)
    .default(86_400)
    .describe('Seconds after publication from which media is served as immutable; max-age=60 until then.'),
})

export type SettingName = keyof typeof settingsSchema.shape
export type SettingValues = z.infer<typeof settingsSchema>
export type Language = (typeof languages)[number]

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
