import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** sun_path holds 108 bytes on Linux, 104 elsewhere, its final zero included (unix(7)). */
const longestPath = 103

export type SocketName = 'live-control' | 'live-feed' | 'site'

/** The UNIX socket of a process, the same for everyone who uses this data folder; its folder is made when missing. */
export function socketPath(dataDir: string, name: SocketName): string {
  const folder = join(dataDir, 'run')
  const direct = join(folder, `${name}.sock`)
  const short = createHash('sha256').update(dataDir).digest('hex').slice(0, 16)
  const chosen = Buffer.byteLength(direct) <= longestPath ? folder : join(tmpdir(), `hemicycle-${short}`)
  mkdirSync(chosen, { recursive: true, mode: 0o700 })
  return join(chosen, `${name}.sock`)
}
