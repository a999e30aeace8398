import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { parsePlaylist } from '#archive/hls/playlist-parser.ts'
import type { PublishSource } from '../../transcode/ffmpeg/publisher.ts'
import { startEncoder } from '../support/encoder.ts'
import { done, type RunningProduct, startProduct } from '../support/product.ts'
import { planSitting, untilState } from '../support/sitting.ts'
import { until } from '../support/until.ts'
import type { SwarmOrder } from './origin-swarm.ts'

export interface LiveMeeting {
  readonly product: RunningProduct
  readonly slug: string
  /** Path of the multivariant playlist. */
  readonly path: string
  close(): Promise<void>
}

export interface MeetingPlan {
  /** HEMICYCLE_LADDER. */
  readonly ladder: string
  /** What publishes; whoever brings its own encoder gives none and starts it in `onKey`. */
  readonly feed: PublishSource | null
  readonly onKey?: (rtmpUrl: string) => void
}

/** The whole product with a meeting that is live and can be played. */
export async function openLiveMeeting({ ladder, feed, onKey }: MeetingPlan): Promise<LiveMeeting> {
  const product = await startProduct({ settings: { HEMICYCLE_LADDER: ladder, HEMICYCLE_LOG_LEVEL: 'warn' } })
  const { slug, key } = await planSitting(product)
  const encoder = feed && startEncoder(product.ingest, key, feed)
  onKey?.(`${product.ingest}/${key}`)
  const path = `/live/${slug}/index.m3u8`
  const close = async () => {
    await encoder?.stop()
    await product.stop()
  }
  try {
    await untilState(product, slug, 'waiting', 30_000)
    done(await (await product.operations()).command(slug, 'start'))
    const renditions = ladder === 'none' ? 2 : 3
    await until('it can be played', async () => (await renditionsOf(product.site, path)).length >= renditions, 60_000)
  } catch (error) {
    await close()
    throw error
  }
  return { product, slug, path, close }
}

/** Paths of the media playlists. */
export async function renditionsOf(site: string, path: string): Promise<string[]> {
  const response = await fetch(`${site}${path}`)
  const parsed = parsePlaylist(await response.text())
  if (!parsed.ok || parsed.value.kind !== 'multivariant') return []
  const uris = [
    ...parsed.value.variants.map(({ uri }) => uri),
    ...parsed.value.renditions.flatMap(({ uri }) => uri ?? []),
  ]
  return [...new Set(uris.map((uri) => new URL(uri, `${site}${path}`).pathname))]
}

export interface Swarm {
  readonly child: ChildProcess
  ask<T>(order: Partial<SwarmOrder> & Pick<SwarmOrder, 'type'>): Promise<T>
  close(): void
}

export function forkSwarm(site: string, renditions: readonly string[]): Swarm {
  const child = fork(join(import.meta.dirname, 'origin-swarm.ts'), [site, ...renditions], { execArgv: [] })
  return {
    child,
    async ask<T>(order: Partial<SwarmOrder> & Pick<SwarmOrder, 'type'>) {
      const answered = once(child, 'message')
      child.send({ count: 0, path: '', seconds: 0, ...order })
      const [{ value }] = (await answered) as [{ value: T }]
      return value
    },
    close: () => child.disconnect(),
  }
}
