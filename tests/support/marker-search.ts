import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { unitsIn } from './counter-marker.ts'

/** Units by the file that holds them, of everything under a folder; sockets and what vanishes meanwhile hold nothing. */
export async function unitsInFolder(folder: string): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const file = join(entry.parentPath, entry.name)
    const units = unitsIn(await bytesOf(file))
    if (units.length > 0) found.set(file, units)
  }
  return found
}

async function bytesOf(file: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
}

const stepBytes = 8 << 20
const overlapBytes = 32

/** Units anywhere in the writable memory of a process (proc(5), /proc/PID/mem), freed memory included. */
export function unitsInMemory(pid: number): Set<string> {
  const found = new Set<string>()
  const memory = openSync(`/proc/${pid}/mem`, 'r')
  try {
    for (const { start, end } of writableRegions(pid)) {
      for (let at = start; at < end; at += stepBytes - overlapBytes) {
        const bytes = Buffer.alloc(Math.min(stepBytes, end - at))
        for (const unit of unitsIn(bytes.subarray(0, readAt(memory, bytes, at)))) found.add(unit)
      }
    }
  } finally {
    closeSync(memory)
  }
  return found
}

function writableRegions(pid: number): { start: number; end: number }[] {
  const lines = readFileSync(`/proc/${pid}/maps`, 'utf8').trim().split('\n')
  return lines
    .filter((line) => /^\S+ rw/.test(line) && !line.includes('[vvar]'))
    .map((line) => {
      const [start = '', end = ''] = (line.split(' ')[0] ?? '').split('-')
      return { start: Number.parseInt(start, 16), end: Number.parseInt(end, 16) }
    })
}

/** Reserved pages cannot be read: EIO there is an end, not a fault. */
function readAt(file: number, into: Buffer, position: number): number {
  try {
    return readSync(file, into, 0, into.length, position)
  } catch {
    return 0
  }
}
