import { type ChildProcess, fork } from 'node:child_process'
import { AppError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'

/** One of the product's processes. `environment` is asked at every start, so that a restart keeps the port it had. */
export interface ChildSpec {
  readonly name: string
  readonly entry: string
  readonly environment: () => NodeJS.ProcessEnv
  /** What to do when it says that it cannot run at all. */
  readonly advice?: string
}

/** What a child says once it serves; the rest of the message is its own. */
export interface Ready {
  readonly type: 'ready'
  readonly http?: { readonly host: string; readonly port: number }
  readonly rtmp?: { readonly host: string; readonly port: number }
}

export interface Supervisor {
  /** Starts a child and resolves at its first `ready`; rejects when it ends for good before that. */
  start(spec: ChildSpec): Promise<Ready>
  /** Ends a child so that it starts again; used when its source has changed. */
  restart(name: string): void
  pid(name: string): number | undefined
  /** Asks all to end, kills those that have not after the grace, resolves when none is left. */
  stop(): Promise<void>
}

/** A child that ends with this code asks not to be started again (EX_CONFIG of sysexits(3)). */
export const exitForGood = 78

const firstDelayMs = 250
const longestDelayMs = 8_000
/** A child that has run this long is taken to have recovered: the next delay is the first again. */
const calmMs = 30_000
const stopGraceMs = 8_000

interface Child {
  readonly spec: ChildSpec
  process: ChildProcess | null
  startedAt: number
  delayMs: number
  timer: NodeJS.Timeout | null
}

/** Keeps child processes running: each is started again after it ends, later every time (0.25 s to 8 s). */
export function createSupervisor(log: Log, onLost: (name: string) => void = () => undefined): Supervisor {
  const children = new Map<string, Child>()
  let stopping = false

  const launch = (child: Child, onReady: (ready: Ready) => void, onEnd: (code: number | null) => void) => {
    const { spec } = child
    child.startedAt = performance.now()
    const forked = fork(spec.entry, [], {
      env: spec.environment(),
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      execArgv: [],
    })
    child.process = forked
    forked.on('message', (message) => {
      if ((message as Ready).type === 'ready') onReady(message as Ready)
    })
    forked.on('error', (error) => log.error({ child: spec.name, err: error }, 'a process could not be started'))
    forked.on('exit', (code, signal) => {
      child.process = null
      if (!stopping) {
        log.warn({ child: spec.name, code, signal }, 'a process ended')
        onLost(spec.name)
        again(child, onReady, onEnd)
      }
      onEnd(code)
    })
  }

  const again = (child: Child, onReady: (ready: Ready) => void, onEnd: (code: number | null) => void) => {
    const ranMs = performance.now() - child.startedAt
    child.delayMs = ranMs > calmMs ? firstDelayMs : child.delayMs
    child.timer = setTimeout(() => launch(child, onReady, onEnd), child.delayMs)
    child.delayMs = Math.min(child.delayMs * 2, longestDelayMs)
  }

  return {
    start: (spec) =>
      new Promise((resolve, reject) => {
        const child: Child = { spec, process: null, startedAt: 0, delayMs: firstDelayMs, timer: null }
        children.set(spec.name, child)
        launch(child, resolve, (code) => {
          if (code !== exitForGood) return
          if (child.timer) clearTimeout(child.timer)
          const message = `The ${spec.name} process cannot run; its last message says why.`
          reject(new AppError('PROCESS_UNABLE', { message, ...(spec.advice && { hint: spec.advice }) }))
        })
      }),
    restart: (name) => {
      const child = children.get(name)
      if (child) child.delayMs = firstDelayMs
      child?.process?.kill('SIGTERM')
    },
    pid: (name) => children.get(name)?.process?.pid,
    stop: async () => {
      stopping = true
      await Promise.all([...children.values()].map(endChild))
    },
  }
}

async function endChild(child: Child): Promise<void> {
  if (child.timer) clearTimeout(child.timer)
  const { process } = child
  if (!process || process.exitCode !== null) return
  const ended = new Promise<void>((done) => process.once('exit', () => done()))
  process.kill('SIGTERM')
  const killer = setTimeout(() => process.kill('SIGKILL'), stopGraceMs)
  await ended
  clearTimeout(killer)
}
