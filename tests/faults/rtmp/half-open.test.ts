import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { goodKey, type IngestHarness, startIngest } from '#tests/support/ingest-harness.ts'
import { avcConfigTag, avcTag } from '#tests/support/rtmp-bytes.ts'
import { RtmpClient } from '#tests/support/rtmp-client.ts'
import { until } from '#tests/support/until.ts'

/** A router between encoder and server that can be told to forget its connections: bytes vanish, nobody is told. */
class Router {
  readonly #server: Server
  readonly #sockets: Socket[] = []
  #forgetting = false

  private constructor(server: Server) {
    this.#server = server
  }

  static async start(target: number): Promise<Router> {
    const router: Router = new Router(createServer({ allowHalfOpen: true }, (socket) => router.#route(socket, target)))
    router.#server.listen({ host: '127.0.0.1', port: 0 })
    await once(router.#server, 'listening')
    return router
  }

  get port(): number {
    const address = this.#server.address()
    return typeof address === 'object' && address ? address.port : 0
  }

  /** What is connected stays connected and hears nothing any more, not even that the other side has hung up. */
  forget(): void {
    this.#forgetting = true
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((done) => this.#server.close(done))
  }

  #route(near: Socket, target: number): void {
    const far = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true })
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.push(from)
      from.on('error', () => {})
      from.on('data', (bytes) => {
        if (!this.#forgetting) to.write(bytes)
      })
      from.on('end', () => {
        if (!this.#forgetting) to.end()
      })
    }
  }
}

let ingest: IngestHarness
let router: Router
const clients: RtmpClient[] = []
const timers: NodeJS.Timeout[] = []

afterEach(async () => {
  for (const timer of timers.splice(0)) clearInterval(timer)
  for (const client of clients.splice(0)) client.destroy()
  await router.stop()
  await ingest.server.close()
})

async function stream(port: number) {
  const { client, reply } = await RtmpClient.publish(port, goodKey)
  clients.push(client)
  let frame = 0
  client.video(0, avcConfigTag())
  timers.push(setInterval(() => client.video(frame++ * 40, avcTag(Buffer.alloc(500))), 40))
  return { client, reply }
}

describe('a line that dies without a word', () => {
  it('gives its room to the encoder that comes back by another way', async () => {
    ingest = await startIngest()
    router = await Router.start(ingest.port)
    await stream(router.port)
    const dead = ingest.last()
    await until('media', () => dead.packets.length > 10)
    router.forget()
    await until('two seconds of silence', () => dead.session.silentMs() >= 2_000)
    expect(dead.end).toBeUndefined()
    const { reply } = await stream(ingest.port)
    expect(reply?.code).toBe('NetStream.Publish.Start')
    expect(dead.end).toBe('INGEST_TAKEN_OVER')
    const back = ingest.last()
    await until('media again', () => back.packets.length > 10)
    await until('one connection', () => ingest.server.connections() === 1)
    expect(ingest.feeds.current(back.session.roomId)).toBe(back.session)
  })

  it('is ended by the idle deadline when nobody comes back, and its descriptors are given back', async () => {
    ingest = await startIngest({ settings: { HEMICYCLE_RTMP_IDLE_MS: 1_000 } })
    router = await Router.start(ingest.port)
    await stream(router.port)
    const dead = ingest.last()
    await until('media', () => dead.packets.length > 10)
    router.forget()
    await until('the end', () => dead.end !== undefined)
    expect(dead.end).toBe('INGEST_IDLE')
    expect(ingest.server.connections()).toBe(0)
  })
})
