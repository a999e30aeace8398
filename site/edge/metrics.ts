import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Clock } from '#archive/core/clock.ts'
import type { LiveMetrics } from '#archive/operations/live-metrics.ts'
import type { WorkerMetrics } from '#archive/operations/worker-metrics.ts'
import { directivesOf } from './directives.ts'
import { observeLive } from './live-figures.ts'
import { routeOf } from './route.ts'
import { ViewerCount } from './viewer-count.ts'
import { observeWorker } from './worker-figures.ts'

/** How the monitor names itself: it is no viewer. */
const monitorAgent = 'hemicycle-monitor'

export interface EdgeMetricsDeps {
  readonly clock: Pick<Clock, 'wallMs'>
  /** Requests that wait for a playlist or a part. */
  readonly parked: () => number
  readonly isLiveConnected: () => boolean
  readonly isCatalogueUp: () => boolean
  /** What *live* counts of itself; null when it does not answer. */
  readonly live: () => Promise<LiveMetrics | null>
  /** What the worker has written down of itself; null when that is old. */
  readonly worker: () => Promise<WorkerMetrics | null>
}

/** The figures of this edge, and through it those of *live* and the worker, as Prometheus reads them. Names and addresses of viewers are not among them. */
export class EdgeMetrics {
  readonly #deps: EdgeMetricsDeps
  readonly #registry = new Registry()
  readonly #viewers = new ViewerCount()
  readonly #sockets = new Set<Socket>()
  #closedBytes = 0
  readonly #requests: Counter<'kind' | 'status'>

  constructor(deps: EdgeMetricsDeps) {
    this.#deps = deps
    const registers = [this.#registry]
    collectDefaultMetrics({ register: this.#registry, prefix: 'hemicycle_edge_' })
    this.#requests = new Counter({
      name: 'hemicycle_edge_requests_total',
      help: 'Requests that were answered, by kind of address and status; status 0 was broken off before its answer.',
      labelNames: ['kind', 'status'],
      registers,
    })
    this.#gauge('hemicycle_edge_parked_requests', 'Requests that wait for a playlist or a part.', deps.parked)
    this.#gauge('hemicycle_edge_connections', 'Open connections.', () => this.#sockets.size)
    this.#gauge('hemicycle_edge_live_up', 'Whether live is connected.', () => Number(deps.isLiveConnected()))
    this.#gauge('hemicycle_edge_catalogue_up', 'Whether the catalogue can be read.', () => Number(deps.isCatalogueUp()))
    this.#countBytes()
    this.#countViewers()
  }

  /** Every connection of the public port. */
  watch(server: Server): void {
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => {
        this.#sockets.delete(socket)
        this.#closedBytes += socket.bytesWritten
      })
    })
  }

  /** Called before the request is answered. */
  observe(request: IncomingMessage, response: ServerResponse): void {
    const route = routeOf(request.url ?? '')
    response.once('close', () => {
      const status = response.headersSent ? response.statusCode : 0
      this.#requests.inc({ kind: route.kind, status: String(status) })
      if (route.kind !== 'live-playlist' || route.name === 'multivariant' || (status !== 200 && status !== 304)) return
      const directives = request.headers['user-agent'] === monitorAgent ? null : directivesOf(request.url ?? '')
      if (directives) this.#viewers.note(route.slug, route.name, { directives, nowMs: this.#deps.clock.wallMs() })
    })
  }

  /** Viewers of each meeting. */
  viewers(): ReadonlyMap<string, number> {
    return this.#viewers.counts(this.#deps.clock.wallMs())
  }

  get contentType(): string {
    return this.#registry.contentType
  }

  /** Asks *live* once; without it, the edge's own figures remain. */
  async text(): Promise<string> {
    const others = new Registry()
    observeLive(others, await this.#deps.live())
    observeWorker(others, await this.#deps.worker())
    return `${await this.#registry.metrics()}\n${await others.metrics()}`
  }

  #gauge(name: string, help: string, read: () => number): void {
    const gauge: Gauge = new Gauge({ name, help, registers: [this.#registry], collect: () => gauge.set(read()) })
  }

  #countBytes(): void {
    const sent = () => [...this.#sockets].reduce((sum, socket) => sum + socket.bytesWritten, this.#closedBytes)
    const counter = new Counter({
      name: 'hemicycle_edge_sent_bytes_total',
      help: 'Bytes written to connections of the public port.',
      registers: [this.#registry],
      collect: () => {
        counter.reset()
        counter.inc(sent())
      },
    })
  }

  #countViewers(): void {
    const gauge = new Gauge({
      name: 'hemicycle_edge_viewers',
      help: 'Open live playlists, by meeting.',
      labelNames: ['meeting'],
      registers: [this.#registry],
      collect: () => {
        gauge.reset()
        for (const [meeting, count] of this.viewers()) gauge.set({ meeting }, count)
      },
    })
  }
}
