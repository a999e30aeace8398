import { type ChildProcess, spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { setPriority } from 'node:os'
import type { Readable, Writable } from 'node:stream'
import { commandOf, type ProgramName } from './command.ts'
import { TextTail } from './text-tail.ts'

/** How long a program has between SIGINT and SIGKILL. */
const graceMs = 2_000

export interface ProgramSpec {
  readonly program: ProgramName
  /** One token per element; no shell ever sees them. */
  readonly args: readonly string[]
  readonly stdin?: boolean
  readonly stdout?: boolean
  /** Pipes on which the program writes, as its file descriptors 3, 4, … */
  readonly outputs?: number
  /** 0 (like everything else) to 19 (only when nobody else wants the processor). */
  readonly niceness?: number
  /** Kills the program at once. */
  readonly signal?: AbortSignal
  /** Without a byte on any output for this long the program is killed. */
  readonly stallMs?: number
}

export interface ProgramEnd {
  readonly cause: 'exited' | 'stopped' | 'stalled' | 'not-started'
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** The last few kilobytes of standard error, or why the program could not be started. */
  readonly tail: string
}

export interface RunningProgram {
  readonly pid: number | null
  /** Null unless asked for. Errors of the pipe are swallowed: the program's end tells the story. */
  readonly stdin: Writable | null
  readonly stdout: Readable | null
  readonly outputs: readonly Readable[]
  /** Resolves when the program is gone and its pipes are read to the end; never rejects. */
  readonly ended: Promise<ProgramEnd>
  /** SIGINT, then SIGKILL after `graceMs`. */
  stop(graceMs?: number): Promise<ProgramEnd>
  kill(): void
}

/** Starts a media program. Never throws: a program that cannot be started ends with the cause `not-started`. */
export function startProgram(spec: ProgramSpec): RunningProgram {
  const command = commandOf(spec.program, spec.args)
  const child = spawn(command.file, [...command.args], {
    stdio: [
      spec.stdin ? 'pipe' : 'ignore',
      spec.stdout ? 'pipe' : 'ignore',
      'pipe',
      ...Array.from({ length: spec.outputs ?? 0 }, () => 'pipe' as const),
    ],
  })
  lowerPriority(child.pid, spec.niceness ?? 0)
  const outputs = child.stdio.slice(3).filter((pipe) => pipe !== null) as Readable[]
  child.stdin?.on('error', () => {})
  for (const pipe of [child.stdout, child.stderr, ...outputs]) pipe?.on('error', () => {})

  let cause: ProgramEnd['cause'] = 'exited'
  const kill = (why: ProgramEnd['cause']) => {
    if (child.exitCode === null && child.signalCode === null) cause = why
    child.kill('SIGKILL')
  }
  const onAbort = () => kill('stopped')
  if (spec.signal?.aborted) onAbort()
  spec.signal?.addEventListener('abort', onAbort, { once: true })
  const watched = child.stdout ? [child.stdout, ...outputs] : outputs
  const endWatch = watchForStall(watched, spec.stallMs ?? null, () => kill('stalled'))

  const ended = endOf(child, () => cause).finally(() => {
    endWatch()
    spec.signal?.removeEventListener('abort', onAbort)
  })
  return {
    pid: child.pid ?? null,
    stdin: child.stdin,
    stdout: child.stdout,
    outputs,
    ended,
    stop: async (withinMs = graceMs) => {
      if (child.exitCode === null && child.signalCode === null) cause = 'stopped'
      child.kill('SIGINT')
      const timer = setTimeout(() => child.kill('SIGKILL'), withinMs)
      return ended.finally(() => clearTimeout(timer))
    },
    kill: () => kill('stopped'),
  }
}

function endOf(child: ChildProcess, cause: () => ProgramEnd['cause']): Promise<ProgramEnd> {
  const tail = new TextTail()
  child.stderr?.on('data', (chunk: Uint8Array) => tail.add(chunk))
  return new Promise((resolve) => {
    child.on('error', (error) => {
      if (child.pid === undefined)
        resolve({ cause: 'not-started', code: null, signal: null, tail: `${child.spawnfile}: ${error.message}` })
    })
    child.on('close', (code, signal) => resolve({ cause: cause(), code, signal, tail: tail.text() }))
  })
}

function lowerPriority(pid: number | undefined, niceness: number): void {
  if (pid === undefined || niceness === 0) return
  try {
    setPriority(pid, niceness)
  } catch {
    // The program is gone already; its end will be told by `ended`.
  }
}

function watchForStall(pipes: readonly Readable[], stallMs: number | null, onStall: () => void): () => void {
  if (stallMs === null) return () => {}
  // Counting what was read, rather than listening, leaves the pipes paused until their reader comes.
  const bytesRead = () => pipes.reduce((sum, pipe) => sum + ((pipe as Socket).bytesRead ?? 0), 0)
  let seen = bytesRead()
  let movedAtMs = performance.now()
  const timer = setInterval(() => {
    const read = bytesRead()
    if (read !== seen) {
      seen = read
      movedAtMs = performance.now()
    } else if (performance.now() - movedAtMs >= stallMs) {
      clearInterval(timer)
      onStall()
    }
  }, stallMs / 8)
  return () => clearInterval(timer)
}
