import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../core/config.ts'

/**
 * Where the edge of this machine answers, without a trailing slash. Its own address and not the public one where both
 * are known: a town's firewall often does not let a machine reach itself by its public name. Null when no edge runs.
 */
export function edgeAddress({
  http,
  dataDir,
  publicUrl,
}: Pick<Config, 'http' | 'dataDir' | 'publicUrl'>): string | null {
  if (http.port === 0) return runningSite(dataDir) ?? publicUrl
  const host = http.host === '0.0.0.0' ? '127.0.0.1' : http.host === '::' ? '::1' : http.host
  return `http://${host.includes(':') ? `[${host}]` : host}:${http.port}`
}

function runningSite(dataDir: string): string | null {
  try {
    const addresses: unknown = JSON.parse(readFileSync(join(dataDir, 'run', 'addresses.json'), 'utf8'))
    return typeof addresses === 'object' && addresses && 'http' in addresses ? String(addresses.http) : null
  } catch {
    return null
  }
}
