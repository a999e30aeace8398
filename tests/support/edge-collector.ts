import { unitsIn } from './counter-marker.ts'

/** Fetches from the edge, all evening, whatever its playlists name, and remembers every unit that came. */
export interface EdgeCollector {
  readonly units: ReadonlySet<string>
  /** Media by address, of one rendition, in order of arrival. */
  media(rendition: string): readonly { readonly url: string; readonly bytes: Buffer }[]
  /** Addresses that were named once. */
  readonly addresses: ReadonlySet<string>
  readonly playlists: readonly string[]
  stop(): Promise<void>
}

const pauseMs = 150

export function collectFromEdge(entry: string): EdgeCollector {
  const units = new Set<string>()
  const media = new Map<string, Buffer>()
  const addresses = new Set<string>()
  const playlists = new Set<string>()
  const followed = new Set<string>([entry])
  let stopped = false

  const read = async (url: string): Promise<Buffer | null> => {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => null)
    if (!response) return null
    const body = Buffer.from(await response.arrayBuffer().catch(() => new ArrayBuffer(0)))
    for (const unit of unitsIn(body)) units.add(unit)
    return response.status === 200 ? body : null
  }
  const readPlaylist = async (url: string) => {
    const text = (await read(url))?.toString('utf8')
    if (!text?.startsWith('#EXTM3U')) return
    playlists.add(text)
    for (const address of namedIn(text, url)) {
      if (address.includes('.m3u8')) followed.add(address)
      else addresses.add(address)
    }
  }
  // Beside one another: what is hinted at may be a while in coming, or never come.
  const pending = new Map<string, Promise<void>>()
  const readMedia = async (url: string) => {
    const bytes = await read(url)
    if (bytes) media.set(url, bytes)
    pending.delete(url)
  }
  const round = async () => {
    for (const url of followed) await readPlaylist(url)
    for (const url of addresses) if (!media.has(url) && !pending.has(url)) pending.set(url, readMedia(url))
  }
  const running = (async () => {
    while (!stopped) {
      await round()
      await new Promise((wake) => setTimeout(wake, pauseMs))
    }
    await round()
    await Promise.all(pending.values())
  })()
  return {
    units,
    addresses,
    media: (rendition) =>
      [...media].flatMap(([url, bytes]) => (url.includes(`/${rendition}/`) ? [{ url, bytes }] : [])),
    get playlists() {
      return [...playlists]
    },
    async stop() {
      stopped = true
      await running
    },
  }
}

function namedIn(playlist: string, base: string): string[] {
  const lines = playlist.split('\n').filter((line) => line && !line.startsWith('#'))
  const attributes = [...playlist.matchAll(/URI="([^"]+)"/g)].map(([, uri]) => uri ?? '')
  return [...lines, ...attributes].map((uri) => new URL(uri, base).href)
}
