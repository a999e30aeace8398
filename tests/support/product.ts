import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
  getJson<T>(path: string): Promise<T>
  /** Pid of one of the product's own processes. */
  pidOf(name: 'live' | 'edge' | 'site' | 'worker'): number
  log(): string
  stop(): Promise<void>
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
    ...process.env,
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
  return {
    ...ready,
    dataDir,
    process: started,
    hemicycle: (...words) => runCli([...words, '--json'], env),
    getJson: async <T>(path: string) => (await (await fetch(`${ready.site}${path}`)).json()) as T,
    pidOf: (name) => pidOfChild(started.pid ?? 0, entries[name]),
    log: () => log,
    stop: async () => {
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

function runCli<T>(words: readonly string[], env: NodeJS.ProcessEnv): Promise<T> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [cli, ...words], { cwd: root, env, timeout: 60_000 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`hemicycle ${words.join(' ')}: ${stdout}${stderr}`, { cause: error }))
      else resolve(JSON.parse(stdout) as T)
    })
  })
}

function pidOfChild(parent: number, entry: string): number {
  for (const name of readdirSync('/proc').filter((text) => /^\d+$/.test(text))) {
    try {
      const isChild = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]?.split(' ')[1] === String(parent)
      if (isChild && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(entry)) return Number(name)
    } catch {
      // The process ended while it was looked at.
    }
  }
  throw new Error(`no process runs ${entry}`)
}
