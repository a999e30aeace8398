import { readFileSync } from 'node:fs'

/** Clock ticks a second of /proc (USER_HZ), 100 on every Linux that Node runs on. */
const ticksPerSecond = 100

/** Processor seconds of one process so far, its ended children apart; 0 when it is gone (proc(5), utime and stime). */
export function cpuSecondsOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
  } catch {
    return 0
  }
}

/** Resident memory in megabytes (10^6 bytes), or null when the process is gone. */
export function residentMbOf(pid: number): number | null {
  try {
    const found = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return found ? Math.round((Number(found[1]) * 1024) / 1e5) / 10 : null
  } catch {
    return null
  }
}

export interface MachineTime {
  readonly busySeconds: number
  readonly totalSeconds: number
}

/** Of all processors together; waiting for disks counts as idle, stolen time as busy. */
export function machineTime(): MachineTime {
  const [, ...fields] = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0]?.split(/\s+/) ?? []
  const ticks = fields.slice(0, 8).map(Number)
  const total = ticks.reduce((sum, value) => sum + value, 0)
  const idle = (ticks[3] ?? 0) + (ticks[4] ?? 0)
  return { busySeconds: (total - idle) / ticksPerSecond, totalSeconds: total / ticksPerSecond }
}

/** Share of the machine that was busy between two readings, 0 to 1. */
export function busyShare(before: MachineTime, after: MachineTime): number {
  return (after.busySeconds - before.busySeconds) / Math.max(0.01, after.totalSeconds - before.totalSeconds)
}

export function rounded(value: number, digits = 2): number {
  return Math.round(value * 10 ** digits) / 10 ** digits
}

export function quantile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null
}

/** A short table for people, on standard error: standard output carries the JSON. */
export function printTable(rows: readonly (readonly (string | number | null)[])[]): void {
  const texts = rows.map((row) => row.map((cell) => String(cell ?? '–')))
  const widths = (texts[0] ?? []).map((_, column) => Math.max(...texts.map((row) => row[column]?.length ?? 0)))
  for (const row of texts) {
    process.stderr.write(`${row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  ')}\n`)
  }
}
