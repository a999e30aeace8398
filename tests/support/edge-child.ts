import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { type IncomingHttpHeaders, type RequestOptions, request } from 'node:http'
import { join } from 'node:path'
import { childEnvironment } from '#archive/core/config.ts'

const entry = join(import.meta.dirname, '../../site/edge/main.ts')

export interface EdgeProcess {
  readonly child: ChildProcess
  readonly port: number
  /** Of `/metrics`; null where it is not served. */
  readonly metricsPort: number | null
  get(path: string, headers?: Readonly<Record<string, string>>, method?: string): Promise<Reply>
  /** Ends it with SIGTERM and gives its exit code. */
  stop(): Promise<number | null>
}

export interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  readonly text: string
}

/** The edge as its supervisor starts it. */
export async function forkEdge(dataDir: string, settings: Readonly<Record<string, string>> = {}): Promise<EdgeProcess> {
  const env = childEnvironment({
    HEMICYCLE_DATA: dataDir,
    HEMICYCLE_HTTP: '127.0.0.1:0',
    HEMICYCLE_LOG_LEVEL: 'error',
    ...settings,
  })
  const child = fork(entry, [], { env, execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const [ready] = (await once(child, 'message')) as [{ http: { port: number }; metrics: { port: number } | null }]
  const { port } = ready.http
  return {
    child,
    port,
    metricsPort: ready.metrics?.port ?? null,
    get: (path, headers = {}, method = 'GET') => fetchRaw({ port, path, headers, method }),
    async stop() {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      const [code] = (await ended) as [number | null]
      return code
    },
  }
}

/** One request with its target exactly as given, nothing decompressed, nothing followed. */
export function fetchRaw(options: RequestOptions): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', agent: false, ...options }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const body = Buffer.concat(chunks)
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body, text: body.toString() })
      })
    })
    asked.on('error', reject)
    asked.end()
  })
}
