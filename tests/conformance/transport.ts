import { get as getHttp, Agent as HttpAgent, type IncomingMessage } from 'node:http'
import { get as getHttps, Agent as HttpsAgent } from 'node:https'
import type { Exchange } from './session.ts'

/** The outside world of the prober: a network and a clock. `get` never rejects. */
export interface Transport {
  nowMs(): number
  sleep(ms: number): Promise<void>
  get(url: string): Promise<Exchange>
}

/** No answer is waited for longer; blocked reloads must end earlier. */
const longestWaitMs = 40_000

/** HTTP over kept-alive connections, as a player has them; the address of a file is asked for exactly as it is listed. */
export function httpTransport(): Transport & { close(): void } {
  const http = new HttpAgent({ keepAlive: true })
  const https = new HttpsAgent({ keepAlive: true })
  return {
    nowMs: () => performance.now(),
    sleep: (ms) => new Promise((wake) => setTimeout(wake, ms)),
    get: (url) => (url.startsWith('https:') ? exchange(url, https) : exchange(url, http)),
    close: () => {
      http.destroy()
      https.destroy()
    },
  }
}

function exchange(url: string, agent: HttpAgent): Promise<Exchange> {
  const sentAtMs = performance.now()
  const { promise, resolve } = Promise.withResolvers<Exchange>()
  const failed = () => {
    const at = performance.now()
    resolve({ url, status: 0, headers: {}, body: new Uint8Array(), sentAtMs, headAtMs: at, endAtMs: at })
  }
  const get = url.startsWith('https:') ? getHttps : getHttp
  const request = get(url, { agent, headers: { 'accept-encoding': 'gzip' } }, (response) => {
    const headAtMs = performance.now()
    const chunks: Buffer[] = []
    response.on('data', (chunk: Buffer) => chunks.push(chunk))
    response.on('error', failed)
    response.on('end', () => {
      if (!response.complete) return failed()
      const [status, headers, body] = [response.statusCode ?? 0, headersOf(response), Buffer.concat(chunks)]
      resolve({ url, status, headers, body, sentAtMs, headAtMs, endAtMs: performance.now() })
    })
  })
  request.setTimeout(longestWaitMs, () => request.destroy(new Error('no answer')))
  request.on('error', failed)
  return promise
}

function headersOf(response: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)]))
}
