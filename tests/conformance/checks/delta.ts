import type { MediaPlaylist } from '#archive/hls/playlist.ts'
import { type Check, each } from '../check.ts'
import { about, fullPlaylists, type ReadPlaylist, readPlaylists } from '../observations.ts'
import { newest } from '../position.ts'
import type { Session } from '../session.ts'

/** Playlists that skip something. */
function deltas(session: Session): readonly ReadPlaylist[] {
  return readPlaylists(session).filter(({ playlist }) => playlist.skip !== null)
}

const versionOf = ({ rendition, playlist }: ReadPlaylist) => {
  const { msn, part } = newest(playlist)
  return `${rendition} ${msn}.${part} ${playlist.ended}`
}

/** What both must say alike; reports tell of other renditions, which go on between two answers. */
function comparable(playlist: MediaPlaylist, skipped: number) {
  const { mediaSequence, discontinuitySequence, targetDurationS, partTargetS, openParts, preloadHints, ended } =
    playlist
  const header = { mediaSequence, discontinuitySequence, targetDurationS, partTargetS, openParts, preloadHints, ended }
  const segments = playlist.segments.slice(skipped).map(({ map: _, ...segment }) => segment)
  return { header: JSON.stringify(header), segments: segments.map((segment) => JSON.stringify(segment)) }
}

function difference(delta: MediaPlaylist, full: MediaPlaylist): string | null {
  const [a, b] = [comparable(delta, 0), comparable(full, delta.skip?.segments ?? 0)]
  if (a.header !== b.header) return `${a.header} instead of ${b.header}`
  if (a.segments.length !== b.segments.length) return `${a.segments.length} segments instead of ${b.segments.length}`
  const at = a.segments.findIndex((segment, index) => segment !== b.segments[index])
  return at < 0 ? null : `${a.segments[at]} instead of ${b.segments[at]}`
}

export const deltaChecks: readonly Check[] = [
  {
    id: 'delta-equals-full',
    clause: '6.2.5.1',
    rule: 'a delta update and the playlist it updates make the full playlist',
    judge: (session) => {
      const full = new Map(fullPlaylists(session).map((seen) => [versionOf(seen), seen.playlist]))
      const pairs = deltas(session).flatMap((delta) => {
        const same = full.get(versionOf(delta))
        return same ? [{ delta, same }] : []
      })
      return each(pairs, ({ delta, same }) => {
        const problem = difference(delta.playlist, same)
        return problem && about(delta, problem)
      })
    },
  },
  {
    id: 'skip-version',
    clause: '7',
    rule: 'a playlist with EXT-X-SKIP has version 9 or later',
    judge: (session) =>
      each(deltas(session), (seen) =>
        seen.playlist.version >= 9 ? null : about(seen, `EXT-X-SKIP in version ${seen.playlist.version}`),
      ),
  },
  {
    id: 'skip-boundary',
    clause: '4.4.3.8, 6.2.5.1',
    rule: 'what is skipped lies further from the end than CAN-SKIP-UNTIL',
    judge: (session) =>
      each(deltas(session), (seen) => {
        const { segments, openParts, serverControl } = seen.playlist
        const listedS = [...segments, ...openParts].reduce((sum, { durationS }) => sum + durationS, 0)
        const needed = serverControl?.canSkipUntilS ?? Number.POSITIVE_INFINITY
        return listedS >= needed - 0.001 ? null : about(seen, `only ${listedS} s are not skipped, ${needed} s must be`)
      }),
  },
]
