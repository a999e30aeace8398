import { mkdir, statfs } from 'node:fs/promises'

/** Bytes that may still be written into `folder` without being root. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

export interface FreeSpaceWatch {
  stop(): void
}

export interface LowSpace {
  readonly code: 'SPOOL_LOW'
  readonly detail: string
}

export interface FreeSpaceOptions {
  readonly folder: string
  readonly minFreeBytes: number
  readonly everyMs: number
  /** Called when the room falls under the limit, and with null when it is back. */
  readonly onChange: (low: LowSpace | null) => void
}

/** Looks at once and then at every interval; a folder that cannot be looked at counts as full. */
export function watchFreeSpace({ folder, minFreeBytes, everyMs, onChange }: FreeSpaceOptions): FreeSpaceWatch {
  let wasLow = false
  let isStopped = false
  const look = async () => {
    const free = await mkdir(folder, { recursive: true })
      .then(() => freeBytes(folder))
      .catch(() => 0)
    const isLow = free < minFreeBytes
    if (isStopped || isLow === wasLow) return
    wasLow = isLow
    onChange(isLow ? { code: 'SPOOL_LOW', detail: `${Math.floor(free / 1e6)} MB are free` } : null)
  }
  void look()
  const timer = setInterval(() => void look(), everyMs)
  timer.unref()
  return {
    stop() {
      isStopped = true
      clearInterval(timer)
    },
  }
}
