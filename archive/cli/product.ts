import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openCatalog } from '../catalog/catalog.ts'
import { type Config, childEnvironment, type HostPort } from '../core/config.ts'
import { AppError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { lockDataFolder } from './data-lock.ts'
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

/**
 * Starts edge, site, worker and live, and resolves when the site's and the ingest's ports accept.
 * @throws AppError DATA_IN_USE, DATA_UNWRITABLE, CATALOGUE_NEWER, CATALOGUE_UNREADABLE, PROCESS_UNABLE
 */
export async function startProduct(config: Config, entries: Entries, log: Log): Promise<Product> {
  const unlock = lockDataFolder(config.dataDir)
  try {
    await tryCatalogue(config.catalogFile)
    const running = await startProcesses(config, entries, log)
    const stop = async () => {
      await running.stop()
      unlock()
    }
    return { ...running, stop }
  } catch (error) {
    unlock()
    throw error
  }
}

/** Each process would fail on it, be started again and fail again; a lock alone passes. */
async function tryCatalogue(file: string): Promise<void> {
  try {
    await (await openCatalog({ file })).close()
  } catch (error) {
    if (!(error instanceof AppError && error.retryable)) throw error
  }
}

async function startProcesses(config: Config, entries: Entries, log: Log): Promise<Product> {
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
    const edge = await supervisor.start({
      ...{ name: 'edge', entry: entries.edge, environment },
      advice: `Stop what listens on ${hostPort(config.http)}, or set HEMICYCLE_HTTP to another address.`,
    })
    const http = edge.http ?? config.http
    chosen.HEMICYCLE_HTTP = hostPort(http)
    const url = config.publicUrl ?? `http://${hostPort(reachable(http))}`
    chosen.HEMICYCLE_URL = url
    const [live] = await Promise.all([
      supervisor.start({
        ...{ name: 'live', entry: entries.live, environment },
        advice: `Stop what listens on ${hostPort(config.rtmp)}, or set HEMICYCLE_RTMP to another address; for RTMPS see its certificate and key.`,
      }),
      supervisor.start({ name: 'site', entry: entries.site, environment }),
      supervisor.start({ name: 'worker', entry: entries.worker, environment }),
    ])
    const rtmp = live.rtmp ?? config.rtmp
    chosen.HEMICYCLE_RTMP = hostPort(rtmp)
    const addresses = { http: url, rtmp: `rtmp://${hostPort(reachable(rtmp))}/live` }
    const file = join(config.dataDir, 'run', 'addresses.json')
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
