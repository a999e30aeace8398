import { mkdir, statfs } from 'node:fs/promises'

/** Bytes that may still be written into `folder` without being root. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

export interface FreeSpaceWatch {
  stop(): void
}

export interface FreeSpaceOptions {
  readonly folder: string
  readonly minFreeBytes: number
  readonly everyMs: number
  /** Called when the room falls under the limit, and again when it is back. */
  readonly onChange: (isLow: boolean, free: number) => void
}

/** Looks at once and then at every interval; a folder that cannot be looked at counts as full. */
export function watchFreeSpace(options: FreeSpaceOptions): FreeSpaceWatch {
  let wasLow = false
  const look = async () => {
    const free = await mkdir(options.folder, { recursive: true })
      .then(() => freeBytes(options.folder))
      .catch(() => 0)
    const isLow = free < options.minFreeBytes
    if (isLow !== wasLow) options.onChange(isLow, free)
    wasLow = isLow
  }
  void look()
  const timer = setInterval(() => void look(), options.everyMs)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}
