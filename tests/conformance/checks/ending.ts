import { type Check, each, toleranceMs } from '../check.ts'
import { about, byRendition, readPlaylists, successions } from '../observations.ts'
import type { Session } from '../session.ts'

const endedPlaylists = (session: Session) => readPlaylists(session).filter(({ playlist }) => playlist.ended)

export const endingChecks: readonly Check[] = [
  {
    id: 'end-is-final',
    clause: '6.2.1',
    rule: 'a playlist with ENDLIST never changes again',
    judge: (session) => {
      const pairs = [...byRendition(readPlaylists(session)).values()]
        .flatMap((seen) => successions(seen))
        .filter(([earlier]) => earlier.playlist.ended)
      return each(pairs, ([earlier, later]) =>
        JSON.stringify(later.playlist) === JSON.stringify(earlier.playlist)
          ? null
          : about(later, 'changed after its end'),
      )
    },
  },
  {
    id: 'end-without-hints',
    clause: '4.4.5.3, 6.2.2',
    rule: 'a playlist with ENDLIST hints at nothing and has no segment left open',
    judge: (session) =>
      each(endedPlaylists(session), (seen) => {
        const { preloadHints, openParts } = seen.playlist
        return preloadHints.length + openParts.length === 0
          ? null
          : about(seen, `${preloadHints.length} hints and ${openParts.length} open parts at its end`)
      }),
  },
  {
    id: 'end-ignores-directives',
    clause: '6.2.5',
    rule: 'after ENDLIST directives are ignored: the full playlist comes at once',
    judge: (session) =>
      each(
        session.playlists.filter(({ purpose }) => purpose === 'after-end'),
        (seen) => {
          const tookMs = seen.exchange.headAtMs - seen.exchange.sentAtMs
          if (!seen.playlist) return about(seen, `${seen.problem} for directives after the end`)
          if (seen.playlist.skip) return about(seen, 'a delta update after the end')
          return tookMs <= toleranceMs ? null : about(seen, `answered after ${Math.round(tookMs)} ms`)
        },
      ),
  },
]
