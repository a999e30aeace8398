import {
  type Publisher,
  type PublishSource,
  publish,
  type TestFeed,
  testFeed,
} from '../../transcode/ffmpeg/publisher.ts'

/** An encoder as a chamber has it: a moving picture with a clock and a tone, and it comes back whenever its line is cut. */
export interface Encoder {
  /** Connections begun so far. */
  readonly connections: number
  /** As a pulled plug: no farewell, and back again shortly. */
  cut(): void
  stop(): Promise<void>
}

const reconnectMs = 200

/** The picture is small: the tests share two cores with the encoder. */
export const smallFeed: TestFeed = { size: '320x180', bitrateBps: 250_000, keyframeSeconds: 1 }

export function startEncoder(ingest: string, key: string, feed: TestFeed | PublishSource = smallFeed): Encoder {
  const source = 'inputs' in feed ? feed : testFeed(feed)
  let stopped = false
  let connections = 0
  let publisher: Publisher | null = null
  const { promise: gone, resolve: leave } = Promise.withResolvers<void>()
  const connect = () => {
    if (stopped) return leave()
    connections += 1
    publisher = publish(source, `${ingest}/${key}`)
    publisher.ended.then(() => setTimeout(connect, stopped ? 0 : reconnectMs), leave)
  }
  connect()
  return {
    get connections() {
      return connections
    },
    cut: () => publisher?.kill(),
    async stop() {
      stopped = true
      await publisher?.stop()
      await gone
    },
  }
}
