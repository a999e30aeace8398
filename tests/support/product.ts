import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Catalog, openCatalog } from '#archive/catalog/catalog.ts'
import { type Incident, incidentsOf } from '#archive/catalog/incidents.ts'
import { meetingBySlug } from '#archive/catalog/meetings.ts'
import type { Outcome } from '#archive/core/errors.ts'
import type { Operations } from '#archive/operations/operations.ts'
import { openOperations } from '../../archive/cli/open-operations.ts'
import { readConfig } from '../../archive/core/config.ts'
import { childOf } from './processes.ts'
import { until } from './until.ts'

const root = join(import.meta.dirname, '..', '..')
const cli = join(root, 'archive', 'cli', 'main.ts')

/** The whole product as an operator starts it, on free ports, with data in a folder of its own. */
export interface RunningProduct {
  readonly site: string
  readonly ingest: string
  readonly dataDir: string
  readonly process: ChildProcess
  /** Runs a `hemicycle` command with `--json`. @throws Error with what it printed when it fails. */
  hemicycle<T>(...words: string[]): Promise<T>
  /** As `hemicycle`, with whatever words and whatever end. */
  command(...words: string[]): Promise<CommandEnd>
  /** What the commands call, without the second that starting a process takes. */
  operations(): Promise<Operations>
  catalog(): Promise<Catalog>
  /** Of a meeting, the earliest first. */
  incidents(slug: string): Promise<Incident[]>
  getJson<T>(path: string): Promise<T>
  /** Pid of one of the product's own processes. */
  pidOf(name: 'live' | 'edge' | 'site' | 'worker'): number
  /** Kills one of them again and again, however often it is started, until the function that this gives back is called. */
  holdDown(name: 'live' | 'edge' | 'site' | 'worker'): () => void
  log(): string
  stop(): Promise<void>
}

export interface CommandEnd {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** The value of an outcome that a test cannot do without. @throws Error with the refusal's code. */
export function done<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.code}: ${outcome.message}`)
  return outcome.value
}

const entries = { live: 'ingest/main.ts', edge: 'site/edge/main.ts', site: 'site/main.ts', worker: 'archive/main.ts' }

export interface ProductOptions {
  readonly settings?: Readonly<Record<string, string>>
  /** An existing data folder; it is kept at `stop`. */
  readonly dataDir?: string
}

export async function startProduct(options: ProductOptions = {}): Promise<RunningProduct> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'hemicycle-test-'))
  const env = {
    ...environmentWithoutSettings(),
    HEMICYCLE_DATA: dataDir,
    HEMICYCLE_HTTP: '127.0.0.1:0',
    HEMICYCLE_RTMP: '127.0.0.1:0',
    HEMICYCLE_LADDER: 'none',
    ...options.settings,
  }
  const started = spawn(process.execPath, [cli, 'start', '--json'], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  let log = ''
  started.stdout.on('data', (text) => (out += String(text)))
  started.stderr.on('data', (text) => (log += String(text)))
  const ready = await until(
    'the product is ready',
    () => {
      if (started.exitCode !== null) throw new Error(`the product ended at its start:\n${log}`)
      return readyLine(out)
    },
    60_000,
  ).catch((error: unknown) => {
    started.kill('SIGKILL')
    throw new Error(`${String(error)}\n${log}`)
  })
  let opened: Promise<Catalog> | null = null
  const config = readConfig(hemicycleSettings(env))
  const catalog = () => {
    opened ??= openCatalog({ file: config.catalogFile })
    return opened
  }
  return {
    ...ready,
    dataDir,
    process: started,
    hemicycle: (...words) => runCli([...words, '--json'], env),
    command: (...words) => endOfCli(words, env),
    catalog,
    operations: async () => openOperations(await catalog(), config),
    incidents: async (slug) =>
      (await catalog()).read(async (db) => {
        const meeting = await meetingBySlug(db, slug)
        return meeting ? incidentsOf(db, meeting.id) : []
      }),
    getJson: async <T>(path: string) => (await (await fetch(`${ready.site}${path}`)).json()) as T,
    pidOf: (name) => pidOfChild(started.pid ?? 0, entries[name]),
    holdDown: (name) => {
      const parent = started.pid ?? 0
      const killing = setInterval(() => killChild(parent, entries[name]), 20)
      killChild(parent, entries[name])
      return () => clearInterval(killing)
    },
    log: () => log,
    stop: async () => {
      await (await opened)?.close()
      if (started.exitCode === null && started.signalCode === null) {
        const ended = new Promise((done) => started.once('exit', done))
        started.kill('SIGTERM')
        await ended
      }
      if (!options.dataDir) rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

function readyLine(out: string): { site: string; ingest: string } | null {
  const line = out.split('\n').find((text) => text.startsWith('{'))
  return line ? (JSON.parse(line) as { site: string; ingest: string }) : null
}

/** What whoever runs the tests has set for a product of their own is no business of this one. */
function environmentWithoutSettings(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('HEMICYCLE_')))
}

function hemicycleSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith('HEMICYCLE_')))
}

function endOfCli(words: readonly string[], env: NodeJS.ProcessEnv): Promise<CommandEnd> {
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, ...words], { cwd: root, env, timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ exitCode: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr })
    })
  })
}

function runCli<T>(words: readonly string[], env: NodeJS.ProcessEnv): Promise<T> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [cli, ...words], { cwd: root, env, timeout: 60_000 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`hemicycle ${words.join(' ')}: ${stdout}${stderr}`, { cause: error }))
      else resolve(JSON.parse(stdout) as T)
    })
  })
}

function pidOfChild(parent: number, entry: string): number {
  const found = childOf(parent, entry)
  if (!found) throw new Error(`no process runs ${entry}`)
  return found.pid
}

function killChild(parent: number, entry: string): void {
  const found = childOf(parent, entry)
  if (found) process.kill(found.pid, 'SIGKILL')
}
