import type { MediaPlaylist } from '#archive/hls/playlist.ts'
import { askPlaylist, type Following } from './playlist-asking.ts'
import { firstListed, newest, openNumber } from './position.ts'

/** Beyond what could come true while the request travels. */
const margin = 3

/** How many parts ahead a server accepts (6.2.5.2, Advance Part Limit). */
export function advancePartLimit(partTargetS: number): number {
  return partTargetS >= 1 ? 3 : Math.ceil(3 / partTargetS)
}

/** Asks once for what a server must refuse, answer at once or roll over. */
export async function tryRules(following: Following, playlist: MediaPlaylist): Promise<void> {
  await tryUnknown(following, playlist)
  if (playlist.ended || !playlist.serverControl?.canBlockReload) return
  const open = openNumber(playlist)
  const directives = { msn: null, part: null, skip: false }
  const trials = [
    askPlaylist(following, 'part-alone', { ...directives, part: 0 }),
    askPlaylist(following, 'msn-too-far', { ...directives, msn: open + margin + 1 }),
  ]
  if (playlist.segments.length > 0) {
    const old = Math.max(firstListed(playlist), open - 3)
    trials.push(askPlaylist(following, 'old-msn', { ...directives, msn: old }))
  }
  if (playlist.partTargetS !== null) {
    // Of a complete segment it would be a part past the end, which means part 0 of the next.
    if (playlist.openParts.length > 0) {
      const tooFar = newest(playlist).part + advancePartLimit(playlist.partTargetS) + margin
      trials.push(askPlaylist(following, 'part-too-far', { ...directives, msn: open, part: tooFar }))
    }
    const complete = playlist.segments.at(-1)
    if (complete && complete.parts.length > 0) {
      trials.push(askPlaylist(following, 'past-end', { ...directives, msn: open - 1, part: complete.parts.length }))
    }
  }
  await Promise.all(trials)
}

async function tryUnknown({ media }: Following, playlist: MediaPlaylist): Promise<void> {
  const segment = playlist.segments.at(-1)?.uri
  const hint = playlist.preloadHints.find(({ type }) => type === 'PART')?.uri
  if (segment) await media.unknown(another(segment), 'segment')
  if (hint) await media.unknown(another(hint), 'part')
}

/** The same address with another number, far from any that there is. */
function another(uri: string): string {
  return uri.replace(/\d+(?=\.[a-z0-9]+(?:[?#]|$))/, (number) => String(Number(number) + 900))
}
