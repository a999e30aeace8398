import type { MediaPlaylist } from '#archive/hls/playlist.ts'
import { type Check, each, short } from '../check.ts'
import { about, lowLatencyPlaylists } from '../observations.ts'
import { firstListed } from '../position.ts'
import type { Session } from '../session.ts'

/** The first segment that lists parts though all of it lies more than three target durations from the end, or null. */
function lingering({ segments, openParts, targetDurationS }: MediaPlaylist): number | null {
  let fromEndS = openParts.reduce((sum, { durationS }) => sum + durationS, 0)
  for (let i = segments.length - 1; i >= 0; i--) {
    if (fromEndS > 3 * targetDurationS && (segments[i]?.parts.length ?? 0) > 0) return i
    fromEndS += segments[i]?.durationS ?? 0
  }
  return null
}

function afterLeaving({ files }: Session) {
  return files.filter(({ occasion }) => occasion === 'left' || occasion === 'left-late')
}

export const windowChecks: readonly Check[] = [
  {
    id: 'parts-leave',
    clause: '6.2.2',
    rule: 'parts further than three TARGETDURATIONs from the end are not listed',
    judge: (session) =>
      each(
        lowLatencyPlaylists(session).filter(({ playlist }) => playlist.segments.length > 4),
        (seen) => {
          const index = lingering(seen.playlist)
          return index === null
            ? null
            : about(seen, `segment ${firstListed(seen.playlist) + index} still lists its parts`)
        },
      ),
  },
  {
    id: 'parts-stay',
    clause: '6.2.2',
    rule: 'a part that left the playlist can be fetched for three TARGETDURATIONs more',
    judge: (session) =>
      each(afterLeaving(session), (file) =>
        file.exchange.status === 200
          ? null
          : about(file, `${short(file.url)} answered ${file.exchange.status} after it left (${file.occasion})`),
      ),
  },
]
