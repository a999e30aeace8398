import type { PublishSource, TestFeed } from '../../transcode/ffmpeg/publisher.ts'
import { type Encoder, startEncoder } from './encoder.ts'
import { type FeedListener, listenToFeed } from './feed-listener.ts'
import { type ProductOptions, type RunningProduct, startProduct } from './product.ts'

/** What a test file has running. Whatever became of the tests, `clear` ends all of it, the latest first. */
export class Stage {
  readonly #ends: (() => unknown)[] = []

  async product(options: ProductOptions = {}): Promise<RunningProduct> {
    const product = await startProduct(options)
    this.finally(() => product.stop())
    return product
  }

  listener(product: RunningProduct): FeedListener {
    const listener = listenToFeed(product.dataDir)
    this.finally(() => listener.close())
    return listener
  }

  encoder(product: RunningProduct, key: string, feed?: TestFeed | PublishSource): Encoder {
    const encoder = startEncoder(product.ingest, key, feed)
    this.finally(() => encoder.stop())
    return encoder
  }

  finally(end: () => unknown): void {
    this.#ends.push(end)
  }

  async clear(): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) await end()
  }
}
