import { readdirSync, readFileSync } from 'node:fs'

/** A running process of the machine. `startedAt` (clock ticks since boot) tells two apart that bore the same pid. */
export interface Process {
  readonly pid: number
  readonly parent: number
  readonly startedAt: string
  readonly commandLine: string
}

/** proc(5): after the command in parentheses come state and parent; start time is field 22. Zombies do not count. */
function readProcess(pid: number): Process | null {
  try {
    const [state, parent, ...rest] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
    if (state === 'Z') return null
    const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
    return { pid, parent: Number(parent), startedAt: rest[17] ?? '', commandLine }
  } catch {
    return null
  }
}

function everyProcess(): Process[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.map((pid) => readProcess(Number(pid))).filter((found) => found !== null)
}

/** Children, their children, and so on. */
export function descendantsOf(pid: number): Process[] {
  const all = everyProcess()
  const below = (parent: number): Process[] =>
    all.filter((one) => one.parent === parent).flatMap((child) => [child, ...below(child.pid)])
  return below(pid)
}

/** The one child of `parent` whose command line contains `text`, or null. */
export function childOf(parent: number, text: string): Process | null {
  return everyProcess().find((one) => one.parent === parent && one.commandLine.includes(text)) ?? null
}

export function stillRuns({ pid, startedAt }: Process): boolean {
  return readProcess(pid)?.startedAt === startedAt
}
