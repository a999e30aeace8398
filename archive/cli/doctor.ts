import { accessSync, constants, existsSync, mkdirSync, readFileSync, statfsSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import type { Config, HostPort } from '../core/config.ts'
import { reportOf } from '../core/errors.ts'

/** One thing looked at: what was found, and what to do where it is not well. */
export interface Finding {
  readonly check: string
  readonly status: 'ok' | 'warning' | 'failed'
  readonly found: string
  readonly todo: string | null
}

/** What the checks need from elsewhere, handed in by the composition root. */
export interface DoctorDeps {
  readonly config: Config
  readonly ffmpeg: () => Promise<{ version: string | null; missing: readonly string[] }>
  /** Opens the catalogue and closes it again. @throws AppError when it cannot be used. */
  readonly catalog: () => Promise<void>
  readonly store: () => Promise<void>
}

/** An hour of a council at 3 Mbit/s with its ladder is about 2 GB. */
const comfortableBytes = 20e9
const leastBytes = 2e9
/** Before this the clock of the machine cannot be right. */
const earliestClock = Date.UTC(2025, 0, 1)

export async function examine(deps: DoctorDeps): Promise<Finding[]> {
  const { config } = deps
  const running = isRunning(config.dataDir)
  return Promise.all([
    ffmpegFinding(deps.ffmpeg),
    attempt(
      'data folder',
      `${config.dataDir} is writable`,
      'Give the account that runs Hemicycle the right to write there.',
      () => mayWrite(config.dataDir),
    ),
    Promise.resolve(diskFinding(config.dataDir)),
    portFinding('site port', 'HEMICYCLE_HTTP', config.http, running),
    portFinding('RTMP port', 'HEMICYCLE_RTMP', config.rtmp, running),
    Promise.resolve(clockFinding()),
    attempt('catalogue', `${config.catalogFile} opens`, 'See the code above; the file is not touched.', deps.catalog),
    attempt('store', `${config.storeDir} is usable`, 'Check the folder named by HEMICYCLE_STORE.', deps.store),
  ])
}

async function ffmpegFinding(look: DoctorDeps['ffmpeg']): Promise<Finding> {
  try {
    const { version, missing } = await look()
    if (missing.length === 0) return ok('ffmpeg', `${version ?? 'unknown version'}, with every encoder that is needed`)
    return failed(
      'ffmpeg',
      `lacks ${missing.join(', ')}`,
      'Install the ffmpeg of your distribution: apt-get install ffmpeg',
    )
  } catch (error) {
    const { message, hint } = reportOf(error)
    return failed('ffmpeg', message, hint)
  }
}

async function attempt(check: string, found: string, todo: string, work: () => Promise<void> | void): Promise<Finding> {
  try {
    await work()
    return ok(check, found)
  } catch (error) {
    const { code, message } = reportOf(error)
    const cause = error instanceof Error ? error.message : message
    return failed(
      check,
      code === 'INTERNAL' ? cause : `${code}: ${message}`,
      code === 'INTERNAL' ? todo : reportOf(error).hint,
    )
  }
}

function mayWrite(folder: string): void {
  mkdirSync(folder, { recursive: true })
  accessSync(folder, constants.W_OK)
}

function diskFinding(folder: string): Finding {
  const { bavail, bsize } = statfsSync(existsSync(folder) ? folder : dirname(folder))
  const free = bavail * bsize
  const found = `${(free / 1e9).toFixed(1)} GB free`
  if (free < leastBytes)
    return failed('disk', found, 'Free space, or move HEMICYCLE_DATA: an hour of meeting takes about 2 GB.')
  return free < comfortableBytes
    ? { check: 'disk', status: 'warning', found, todo: 'Enough for some hours; plan for more.' }
    : ok('disk', found)
}

function portFinding(check: string, setting: string, address: HostPort, running: boolean): Promise<Finding> {
  const name = `${address.host}:${address.port}`
  if (running) return Promise.resolve(ok(check, 'the product is running and holds it'))
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) =>
      resolve(
        failed(
          check,
          `${name}: ${error.code ?? error.message}`,
          `Stop what listens there, or set ${setting} to another address.`,
        ),
      ),
    )
    probe.listen({ host: address.host, port: address.port }, () =>
      probe.close(() => resolve(ok(check, `${name} is free`))),
    )
  })
}

function clockFinding(): Finding {
  if (Date.now() < earliestClock)
    return failed('clock', new Date().toISOString(), 'Set the clock; use a time server (systemd-timesyncd).')
  return ok('clock', new Date().toISOString())
}

/** Whether a product runs on this data folder: its addresses are there and its supervisor's process too. */
function isRunning(dataDir: string): boolean {
  try {
    const { pid } = JSON.parse(readFileSync(join(dataDir, 'run', 'addresses.json'), 'utf8')) as { pid: number }
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

const ok = (check: string, found: string): Finding => ({ check, status: 'ok', found, todo: null })
const failed = (check: string, found: string, todo: string): Finding => ({ check, status: 'failed', found, todo })
