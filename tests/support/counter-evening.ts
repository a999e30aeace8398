import type { PlainAction } from '#archive/operations/operations.ts'
import { type CounterClip, makeCounterClip } from './counter-clip.ts'
import { type CounterFeed, createCounterFeed, type SentUnit } from './counter-feed.ts'
import { unitsInFolder } from './marker-search.ts'
import { done, type ProductOptions, type RunningProduct } from './product.ts'
import { ShutLog } from './shut-log.ts'
import { planSitting, type Sitting, untilState } from './sitting.ts'
import type { Stage } from './stage.ts'
import { until } from './until.ts'

/** A product with one meeting and a counter feed in its room. */
export class CounterEvening {
  readonly stage: Stage
  readonly product: RunningProduct
  readonly clip: CounterClip
  readonly sitting: Sitting
  readonly feed: CounterFeed
  readonly shutLog = new ShutLog()

  private constructor(stage: Stage, parts: Pick<CounterEvening, 'product' | 'clip' | 'sitting' | 'feed'>) {
    this.stage = stage
    this.product = parts.product
    this.clip = parts.clip
    this.sitting = parts.sitting
    this.feed = parts.feed
  }

  /** In waiting, with the encoder connected. */
  static async begin(stage: Stage, options: ProductOptions = {}): Promise<CounterEvening> {
    const [clip, product] = await Promise.all([makeCounterClip(), stage.product(options)])
    const sitting = await planSitting(product)
    const feed = createCounterFeed(clip, product.ingest, sitting.key)
    stage.finally(() => feed.stop())
    await letIn(feed)
    await untilState(product, sitting.slug, 'waiting')
    return new CounterEvening(stage, { product, clip, sitting, feed })
  }

  async open(action: PlainAction, slug = this.sitting.slug): Promise<void> {
    const operations = await this.product.operations()
    this.shutLog.opened(Date.now())
    done(await operations.command(slug, action))
  }

  async shut(action: PlainAction, slug = this.sitting.slug): Promise<void> {
    const operations = await this.product.operations()
    const pressedAtMs = Date.now()
    const { live } = done(await operations.command(slug, action))
    if (live !== 'confirmed') throw new Error(`${action} was not confirmed by live`)
    this.shutLog.shut(pressedAtMs, Date.now())
  }

  /** The encoder tries until it is connected again. */
  async reconnects(): Promise<void> {
    await letIn(this.feed)
  }

  /** Until the encoder has sent `seconds` more, whatever becomes of it. */
  async sends(seconds: number): Promise<void> {
    const from = Date.now()
    const enough = () =>
      this.feed.sent.some(({ sentAtMs, takenAtMs }) => Math.min(sentAtMs, takenAtMs) >= from + seconds * 1000)
    await until(`${seconds} s more are sent`, enough, seconds * 1000 + 10_000)
  }

  /** Until `seconds` of pictures that are taken from here on are in the spool. */
  async isCaptured(seconds = 2): Promise<void> {
    const from = Date.now()
    const enough = async () => {
      const kept = await this.keptUnits()
      const fresh = this.feed.sent.filter(
        ({ kind, takenAtMs, name }) => kind === 'video' && takenAtMs >= from && kept.has(name),
      )
      return fresh.length >= seconds * 25
    }
    await until(`${seconds} s of pictures are in the spool`, enough, 30_000)
  }

  /** In any file under the data folder. */
  async keptUnits(): Promise<Set<string>> {
    return new Set([...(await unitsInFolder(this.product.dataDir)).values()].flat())
  }

  forbidden(): SentUnit[] {
    return this.feed.sent.filter((unit) => this.shutLog.forbids(unit))
  }
}

function letIn(feed: CounterFeed): Promise<boolean> {
  const connects = () =>
    feed.connect().then(
      () => true,
      () => false,
    )
  return until('the encoder is let in', connects, 30_000)
}
