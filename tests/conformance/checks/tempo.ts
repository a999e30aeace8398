import { type Check, type Finding, toleranceMs } from '../check.ts'
import { about, byRendition, type ReadPlaylist, readPlaylists } from '../observations.ts'
import { isAfter, newest, openNumber } from '../position.ts'
import type { Position, Session } from '../session.ts'

interface Cadence {
  /** Where a playlist stands; it moves forward when something new is listed. */
  readonly place: (seen: ReadPlaylist) => Position
  /** The longest time without news. */
  readonly limitMs: (seen: ReadPlaylist) => number
}

/** The times between answers that brought something new, of the playlists that were asked for with a blocking reload. */
function cadence(session: Session, { place, limitMs }: Cadence): Finding {
  const violations: string[] = []
  let seenCount = 0
  const followed = readPlaylists(session).filter(
    ({ purpose, directives, playlist }) => purpose === 'follow' && directives.msn !== null && !playlist.ended,
  )
  for (const seen of byRendition(followed).values()) {
    let last: ReadPlaylist | null = null
    for (const one of seen) {
      if (last && !isAfter(place(one), place(last))) continue
      const tookMs = last ? one.exchange.headAtMs - last.exchange.headAtMs : 0
      if (last) seenCount++
      if (tookMs > limitMs(one) + toleranceMs) {
        const { msn, part } = place(one)
        violations.push(about(one, `${Math.round(tookMs)} ms until ${msn}.${part}, at most ${limitMs(one)} ms`))
      }
      last = one
    }
  }
  return { seen: seenCount, violations }
}

export const tempoChecks: readonly Check[] = [
  {
    id: 'new-part-in-time',
    clause: '6.2.1',
    rule: 'a new part appears within one PART-TARGET of the one before',
    judge: (session) =>
      cadence(
        { ...session, playlists: session.playlists.filter(({ playlist }) => playlist?.partTargetS !== null) },
        { place: ({ playlist }) => newest(playlist), limitMs: ({ playlist }) => (playlist.partTargetS ?? 0) * 1000 },
      ),
  },
  {
    id: 'new-segment-in-time',
    clause: '6.2.1',
    rule: 'a new segment appears within 1.5 TARGETDURATIONs of the one before',
    judge: (session) =>
      cadence(session, {
        place: ({ playlist }) => ({ msn: openNumber(playlist) - 1, part: 0 }),
        limitMs: ({ playlist }) => playlist.targetDurationS * 1500,
      }),
  },
]
