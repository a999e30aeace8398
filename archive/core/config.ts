import { readFileSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { AppError } from './errors.ts'
import { type Language, type SettingName, type SettingValues, settingsSchema } from './settings-schema.ts'

export interface HostPort {
  readonly host: string
  readonly port: number
}

/** The settings as the product uses them: validated, paths absolute, nothing left to look up. */
export interface Config {
  readonly dataDir: string
  readonly http: HostPort
  readonly rtmp: HostPort
  readonly rtmps: { readonly address: HostPort; readonly certFile: string; readonly keyFile: string } | null
  /** Without a trailing slash; null until the edge knows its port. */
  readonly publicUrl: string | null
  readonly storeDir: string
  readonly catalogFile: string
  readonly searchFile: string
  readonly spoolDir: string
  readonly ladder: string
  readonly speechModelDir: string | null
  readonly townName: string
  readonly timeZone: string
  readonly language: Language
  readonly logLevel: string
  readonly values: SettingValues
}

/** Settings that a parent process hands to its children, and the environment of every child it starts. */
export function childEnvironment(overrides: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { ...process.env, ...overrides }
}

/**
 * Reads the settings once: the environment over the settings file (`HEMICYCLE_SETTINGS`, lines of NAME=value).
 * @throws AppError SETTINGS_INVALID naming every problem at once.
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const file = environment.HEMICYCLE_SETTINGS
  const fromFile = file ? readSettingsFile(file) : {}
  const ours = Object.entries(environment).filter(([name]) => name.startsWith('HEMICYCLE_'))
  // An empty variable is one that was not set: it hides nothing that the file says.
  const given = Object.fromEntries([...Object.entries(fromFile), ...ours].filter(([, value]) => value !== ''))
  const unknown = Object.keys(given).filter((name) => name !== 'HEMICYCLE_SETTINGS' && !(name in settingsSchema.shape))
  const parsed = settingsSchema.safeParse(given)
  const problems = [
    ...unknown.map((name) => `${name}: there is no such setting`),
    ...(parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)),
    ...(parsed.success ? contradictions(parsed.data) : []),
  ]
  if (!parsed.success || problems.length > 0) {
    throw new AppError('SETTINGS_INVALID', { message: `The settings cannot be used: ${problems.join('; ')}.` })
  }
  return resolveConfig(parsed.data)
}

function readSettingsFile(file: string): Partial<Record<SettingName, string>> {
  try {
    return parseEnv(readFileSync(file, 'utf8')) as Partial<Record<SettingName, string>>
  } catch (cause) {
    throw new AppError('SETTINGS_INVALID', { message: `The settings file ${file} cannot be read.`, cause })
  }
}

function contradictions(values: SettingValues): string[] {
  if (!values.HEMICYCLE_RTMPS) return []
  return (['HEMICYCLE_TLS_CERT', 'HEMICYCLE_TLS_KEY'] as const)
    .filter((name) => !values[name])
    .map((name) => `${name}: HEMICYCLE_RTMPS needs it`)
}

function resolveConfig(values: SettingValues): Config {
  const dataDir = resolve(values.HEMICYCLE_DATA)
  const within = (path: string) => (isAbsolute(path) ? path : resolve(path))
  const location = (url: string | undefined, fallback: string) =>
    url ? within(url.slice('file:'.length)) : join(dataDir, fallback)
  const { HEMICYCLE_RTMPS: rtmps, HEMICYCLE_TLS_CERT: cert, HEMICYCLE_TLS_KEY: key } = values
  return {
    dataDir,
    http: values.HEMICYCLE_HTTP,
    rtmp: values.HEMICYCLE_RTMP,
    rtmps: rtmps && cert && key ? { address: rtmps, certFile: within(cert), keyFile: within(key) } : null,
    publicUrl: values.HEMICYCLE_URL?.replace(/\/+$/, '') ?? null,
    storeDir: location(values.HEMICYCLE_STORE, 'store'),
    catalogFile: location(values.HEMICYCLE_DATABASE, 'catalogue.sqlite'),
    searchFile: join(dataDir, 'search.sqlite'),
    spoolDir: join(dataDir, 'spool'),
    ladder: values.HEMICYCLE_LADDER,
    speechModelDir: values.HEMICYCLE_SPEECH_MODEL ? within(values.HEMICYCLE_SPEECH_MODEL) : null,
    townName: values.HEMICYCLE_TOWN_NAME,
    timeZone: values.HEMICYCLE_TIME_ZONE,
    language: values.HEMICYCLE_LANGUAGE,
    logLevel: values.HEMICYCLE_LOG_LEVEL,
    values,
  }
}
