import { rmSync } from 'node:fs'
import type { Server } from 'node:net'

/** Listens on a UNIX socket that only this account may open; a socket left by a killed process is removed first. */
export function listenOnPath(server: Server, path: string): Promise<void> {
  rmSync(path, { force: true })
  return new Promise((listening, failed) => {
    server.once('error', failed)
    server.listen(path, () => {
      server.off('error', failed)
      listening()
    })
  })
}
