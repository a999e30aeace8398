import type { MultivariantPlaylist } from '#archive/hls/playlist.ts'
import {
  type LowestRendition,
  lowestRendition,
  PlaylistFollower,
  type PublishedSegment,
  readMedia,
  readMultivariant,
} from './published-playlist.ts'

const answerWithinMs = 5_000
/** A segment of the richest source takes less. */
const mostBytes = 64 * 1024 * 1024
/** So that the edge can leave the monitor out of the viewers that it counts. */
const userAgent = 'hemicycle-monitor'
/** Segments that a slow monitor catches up on; older ones are let go. */
const mostBehind = 5

/** The edge answers, and has nothing at this address. */
export class Absent extends Error {}

/** One number of the stream, in both renditions; null where the stream has no such rendition. */
export interface PublishedPair {
  readonly number: number
  readonly video: PublishedSegment | null
  readonly audio: PublishedSegment | null
}

export interface StreamNews {
  readonly pairs: readonly PublishedPair[]
  readonly targetDurationMs: number
}

interface Followed {
  readonly chosen: LowestRendition
  readonly video: PlaylistFollower | null
  readonly audio: PlaylistFollower | null
}

/** The lowest rendition of one meeting as any viewer can fetch it. */
export class PublishedStream {
  readonly #address: string
  readonly #signal: AbortSignal
  readonly #inits = new Map<string, Uint8Array>()
  readonly #waiting = { video: new Map<number, PublishedSegment>(), audio: new Map<number, PublishedSegment>() }
  #followed: Followed | null = null

  /** `address` of the multivariant playlist. Requests end with `signal`. */
  constructor(address: string, signal: AbortSignal) {
    this.#address = address
    this.#signal = signal
  }

  /** What is new. @throws Absent where there is no stream, and whatever else keeps it from being read. */
  async look(): Promise<StreamNews> {
    this.#followed ??= follow(await this.#multivariant(), this.#address)
    const { chosen, video, audio } = this.#followed
    try {
      const videoTarget = await this.#read('video', chosen.video, video)
      const audioTarget = await this.#read('audio', chosen.audio, audio)
      const pairs = this.#pairs(this.#followed)
      if (pairs.length === 0) await this.#chooseAgain(chosen)
      return { pairs: pairs.slice(-mostBehind), targetDurationMs: Math.max(videoTarget, audioTarget) }
    } catch (error) {
      if (error instanceof Absent) this.#forget()
      throw error
    }
  }

  async init(address: string): Promise<Uint8Array> {
    const known = this.#inits.get(address)
    if (known) return known
    const bytes = await this.media(address)
    if (this.#inits.size > 8) this.#inits.clear()
    this.#inits.set(address, bytes)
    return bytes
  }

  async media(address: string): Promise<Uint8Array> {
    return new Uint8Array(await (await this.#get(address)).arrayBuffer())
  }

  /** The lowest rendition may have been shed: its playlist then goes on with gaps, or stands still. */
  async #chooseAgain(before: LowestRendition): Promise<void> {
    const now = lowestRendition(await this.#multivariant(), this.#address)
    if (now.video !== before.video || now.audio !== before.audio) this.#forget()
  }

  #forget(): void {
    this.#followed = null
    this.#waiting.video.clear()
    this.#waiting.audio.clear()
  }

  async #multivariant(): Promise<MultivariantPlaylist> {
    const read = readMultivariant(await (await this.#get(this.#address)).text())
    if (!read.ok) throw new Error(read.message)
    return read.value
  }

  /** The target duration in milliseconds. */
  async #read(kind: 'video' | 'audio', address: string | null, follower: PlaylistFollower | null): Promise<number> {
    if (address === null || follower === null) return 0
    // An origin that knows no delta updates answers with the whole playlist.
    const read = readMedia(await (await this.#get(`${address}?_HLS_skip=YES`)).text())
    if (!read.ok) throw new Error(read.message)
    for (const segment of follower.take(read.value)) this.#waiting[kind].set(segment.number, segment)
    return read.value.targetDurationS * 1000
  }

  /** Numbers that both playlists have told of, in order. */
  #pairs({ video, audio }: Followed): PublishedPair[] {
    const { video: videos, audio: sounds } = this.#waiting
    const numbers = [...(video ? videos : sounds).keys()].filter((number) => !video || !audio || sounds.has(number))
    const pairs = numbers
      .sort((a, b) => a - b)
      .map((number) => ({ number, video: videos.get(number) ?? null, audio: sounds.get(number) ?? null }))
    const last = numbers.at(-1) ?? -1
    for (const waiting of [videos, sounds]) {
      for (const number of waiting.keys()) if (number <= last) waiting.delete(number)
    }
    return pairs
  }

  async #get(address: string): Promise<Response> {
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(answerWithinMs)])
    const response = await fetch(address, { signal, headers: { 'user-agent': userAgent } })
    if (response.status === 404 || response.status === 410) throw new Absent(`${response.status} at ${address}`)
    if (!response.ok) throw new Error(`${response.status} at ${address}`)
    if (Number(response.headers.get('content-length') ?? 0) > mostBytes) throw new Error(`${address} is too large`)
    return response
  }
}

function follow(playlist: MultivariantPlaylist, address: string): Followed {
  const chosen = lowestRendition(playlist, address)
  return {
    chosen,
    video: chosen.video === null ? null : new PlaylistFollower(chosen.video),
    audio: chosen.audio === null ? null : new PlaylistFollower(chosen.audio),
  }
}
