import { createServer, type Server, type ServerResponse } from 'node:http'
import type { HostPort } from '#archive/core/config.ts'
import { reportOf } from '#archive/core/errors.ts'
import type { Log } from '#archive/core/log.ts'
import { freeBytes } from '#archive/storage/free-space.ts'
import type { Health } from './health.ts'
import { listen } from './http-server.ts'
import type { EdgeMetrics } from './metrics.ts'

export interface MetricsServerDeps {
  readonly address: HostPort
  readonly metrics: EdgeMetrics
  readonly health: () => Promise<Health>
  readonly spoolDir: string
  readonly log: Log
}

/** The private port: `GET /metrics` and `GET /health`. Null when it cannot be opened: the public one goes on without. */
export async function startMetricsServer(deps: MetricsServerDeps): Promise<{ server: Server; at: HostPort } | null> {
  const server = createServer({ headersTimeout: 5_000, requestTimeout: 5_000 }, (request, response) => {
    request.resume()
    response.on('error', () => undefined)
    answer(request.url ?? '', response, deps).catch((error: unknown) => {
      deps.log.error({ err: error, code: reportOf(error).code }, 'the metrics could not be answered')
      response.destroy()
    })
  })
  try {
    return { server, at: await listen(server, deps.address) }
  } catch (error) {
    deps.log.error({ err: error, address: deps.address }, 'the port of HEMICYCLE_METRICS cannot be opened')
    return null
  }
}

async function answer(target: string, response: ServerResponse, deps: MetricsServerDeps): Promise<void> {
  if (target === '/metrics') {
    const text = await deps.metrics.text()
    response.writeHead(200, { 'content-type': deps.metrics.contentType }).end(text)
  } else if (target === '/health') {
    const health = await detailedHealth(deps)
    response.writeHead(health.ready ? 200 : 503, { 'content-type': 'application/json; charset=utf-8' })
    response.end(`${JSON.stringify(health)}\n`)
  } else response.writeHead(404).end()
}

/** `live`: this process runs. `ready`: viewers get pages and media. `degraded` names what is missing behind it. */
async function detailedHealth({ health, metrics, spoolDir }: MetricsServerDeps) {
  const { status, ...dependencies } = await health()
  const viewers = [...metrics.viewers().values()].reduce((sum, count) => sum + count, 0)
  return {
    live: true,
    ready: dependencies.catalogue === 'up' && dependencies.site === 'up',
    status,
    dependencies,
    spoolFreeBytes: await freeBytes(spoolDir).catch(() => null),
    viewers,
  }
}
