import { createHash } from 'node:crypto'
import type { AacConfig } from '../codec/aac-config.ts'
import type { AvcConfig } from '../codec/avc-config.ts'
import type { FeedProfile } from './decision.ts'

export interface FeedVideo {
  readonly config: AvcConfig
  readonly avcC: Uint8Array
}

export interface FeedSound {
  readonly config: AacConfig
  readonly asc: Uint8Array
}

/** A feed whose parameters and manners are known: spans can be made of it. */
export interface Feed {
  readonly video: FeedVideo
  readonly audio: FeedSound | null
  readonly profile: FeedProfile
}

const remembered = 32

/**
 * Profiles of feeds that fitted, by their configuration bytes, so that a reconnect starts at once. One that did not
 * fit is looked at anew each time: its operator may have set the encoder right, which the bytes need not show.
 */
export class FeedMemory {
  readonly #profiles = new Map<string, FeedProfile>()

  recall(video: FeedVideo, audio: FeedSound | null): FeedProfile | null {
    return this.#profiles.get(keyOf(video, audio)) ?? null
  }

  keep({ video, audio, profile }: Feed): void {
    const key = keyOf(video, audio)
    this.#profiles.delete(key)
    if (profile.unfit.length > 0) return
    this.#profiles.set(key, profile)
    const [oldest] = this.#profiles.keys()
    if (this.#profiles.size > remembered && oldest !== undefined) this.#profiles.delete(oldest)
  }
}

function keyOf(video: FeedVideo, audio: FeedSound | null): string {
  const hash = createHash('sha256').update(video.avcC).update('|')
  return hash.update(audio?.asc ?? new Uint8Array()).digest('hex')
}
