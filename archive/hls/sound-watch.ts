import type { FeedPacket } from './feed.ts'

/** Listens to a feed's sound for nothing but its loudness; knows since when there has been none. */
export interface SoundWatch {
  push(packet: FeedPacket): void
  /** WallTime since which the sound has been silent; null while there is sound, or none was ever sent. */
  readonly silentSinceMs: number | null
  close(): void
}

export type SoundWatchFactory = () => SoundWatch
