import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Config, childEnvironment, type HostPort } from '../core/config.ts'
import type { Log } from '../core/log.ts'
import { noteLostLive } from './lost-live.ts'
import { createSupervisor, type Supervisor } from './supervisor.ts'

/** Paths of the four processes' entry files, handed in by the composition root. */
export interface Entries {
  readonly live: string
  readonly edge: string
  readonly site: string
  readonly worker: string
}

export interface Addresses {
  /** The site's address, without a trailing slash. */
  readonly http: string
  /** What goes into an encoder's "server" field. */
  readonly rtmp: string
}

export interface Product {
  readonly addresses: Addresses
  readonly supervisor: Supervisor
  stop(): Promise<void>
}

/** Starts edge, site, worker and live, and resolves when the site's and the ingest's ports accept. */
export async function startProduct(config: Config, entries: Entries, log: Log): Promise<Product> {
  mkdirSync(config.dataDir, { recursive: true, mode: 0o755 })
  const supervisor = createSupervisor(log, (name) => {
    if (name === 'live') void noteLostLive(config.catalogFile, Date.now(), log)
  })
  const chosen: Record<string, string> = {
    HEMICYCLE_DATA: config.dataDir,
    HEMICYCLE_HTTP: hostPort(config.http),
    HEMICYCLE_RTMP: hostPort(config.rtmp),
    HEMICYCLE_TOWN_NAME: config.townName,
  }
  const environment = () => childEnvironment(chosen)
  try {
    const edge = await supervisor.start({ name: 'edge', entry: entries.edge, environment })
    const http = edge.http ?? config.http
    chosen.HEMICYCLE_HTTP = hostPort(http)
    const url = config.publicUrl ?? `http://${hostPort(reachable(http))}`
    chosen.HEMICYCLE_URL = url
    const [live] = await Promise.all([
      supervisor.start({ name: 'live', entry: entries.live, environment }),
      supervisor.start({ name: 'site', entry: entries.site, environment }),
      supervisor.start({ name: 'worker', entry: entries.worker, environment }),
    ])
    const rtmp = live.rtmp ?? config.rtmp
    chosen.HEMICYCLE_RTMP = hostPort(rtmp)
    const addresses = { http: url, rtmp: `rtmp://${hostPort(reachable(rtmp))}/live` }
    const file = join(config.dataDir, 'run', 'addresses.json')
    mkdirSync(join(config.dataDir, 'run'), { recursive: true })
    writeFileSync(file, JSON.stringify({ ...addresses, pid: process.pid }))
    const stop = async () => {
      rmSync(file, { force: true })
      await supervisor.stop()
    }
    return { addresses, supervisor, stop }
  } catch (error) {
    await supervisor.stop()
    throw error
  }
}

function hostPort({ host, port }: HostPort): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** An address to connect to, where the one to listen on means "all". */
function reachable({ host, port }: HostPort): HostPort {
  return { host: host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host, port }
}
