import { partTargetS } from '#archive/hls/low-latency.ts'
import { targetDurationS } from '#archive/hls/media-view.ts'
import type { RenditionName } from '#archive/hls/packaging.ts'
import type { Directives } from './directives.ts'

/** Long enough for players that reload once in a target duration, short enough to notice who leaves. */
const windowS = 12

/** Seconds of viewing that were asked for, by the second in which they were. */
interface Asked {
  readonly video: Map<number, number>
  readonly audio: Map<number, number>
}

/**
 * Counts viewers by the playlists that they keep open, and by nothing that tells one from another: whoever follows a
 * stream asks for one second of playlist in each second, in small bites (blocking reloads of parts) or large ones.
 * Who listens without a picture asks for the sound alone. A cache that joins its viewers' reloads counts as one.
 */
export class ViewerCount {
  readonly #asked = new Map<string, Asked>()

  note(slug: string, rendition: RenditionName, ask: { readonly directives: Directives; readonly nowMs: number }): void {
    const of = this.#asked.get(slug) ?? { video: new Map(), audio: new Map() }
    this.#asked.set(slug, of)
    const second = Math.floor(ask.nowMs / 1000)
    const seconds = rendition === 'audio' ? of.audio : of.video
    seconds.set(second, (seconds.get(second) ?? 0) + worthS(ask.directives))
    for (const old of seconds.keys()) {
      if (old >= second - windowS) break
      seconds.delete(old)
    }
  }

  /** Of every meeting that somebody follows. */
  counts(nowMs: number): ReadonlyMap<string, number> {
    const to = Math.floor(nowMs / 1000)
    const viewers = new Map<string, number>()
    for (const [slug, { video, audio }] of this.#asked) {
      const count = Math.round(Math.max(sumUntil(video, to), sumUntil(audio, to)) / windowS)
      if (count > 0) viewers.set(slug, count)
      if (video.size + audio.size === 0) this.#asked.delete(slug)
    }
    return viewers
  }
}

/** How much of the stream the answer adds to what the player has. */
function worthS({ position }: Directives): number {
  return position?.part != null ? partTargetS : targetDurationS
}

/** Of the whole seconds in the window before `to`. */
function sumUntil(seconds: Map<number, number>, to: number): number {
  let sum = 0
  for (const [second, worth] of seconds) {
    if (second < to - windowS) seconds.delete(second)
    else if (second < to) sum += worth
  }
  return sum
}
