import type { MediaPlaylist, ServerControl } from '#archive/hls/playlist.ts'
import { type Check, each, type Finding } from '../check.ts'
import { about, lowLatencyPlaylists, type ReadPlaylist, readPlaylists } from '../observations.ts'

/** Floats that were written with three decimals. */
const roundingS = 0.0005

/** Whether every playlist of every rendition says the same as the first; observed from two playlists on. */
function constant(seen: readonly ReadPlaylist[], value: (playlist: MediaPlaylist) => unknown): Finding {
  const first = seen[0] && JSON.stringify(value(seen[0].playlist))
  return each(seen.slice(1), (one) => {
    const said = JSON.stringify(value(one.playlist))
    return said === first ? null : about(one, `${said} after ${first}`)
  })
}

function control(
  id: string,
  rule: string,
  problem: (control: ServerControl, playlist: MediaPlaylist) => string | null | undefined,
  clause = '4.4.3.8',
): Check {
  return {
    id,
    clause,
    rule,
    judge: (session) => {
      const verdicts = readPlaylists(session).flatMap((seen) => {
        const said = seen.playlist.serverControl && problem(seen.playlist.serverControl, seen.playlist)
        return said === undefined || seen.playlist.serverControl === null ? [] : [said && about(seen, said)]
      })
      return each(verdicts, (verdict) => verdict)
    },
  }
}

export const constancyChecks: readonly Check[] = [
  {
    id: 'constant-target-duration',
    clause: '4.4.3.1, 6.2.4',
    rule: 'TARGETDURATION never changes and is equal in all renditions',
    judge: (session) => constant(readPlaylists(session), (playlist) => playlist.targetDurationS),
  },
  {
    id: 'constant-part-target',
    clause: '4.4.3.7, 6.2.4',
    rule: 'PART-TARGET never changes and is equal in all renditions',
    judge: (session) => constant(lowLatencyPlaylists(session), (playlist) => playlist.partTargetS),
  },
  {
    id: 'constant-server-control',
    clause: '4.4.3.8',
    rule: 'SERVER-CONTROL never changes and is equal in all renditions',
    judge: (session) => constant(lowLatencyPlaylists(session), (playlist) => playlist.serverControl),
  },
  control('part-hold-back', 'PART-HOLD-BACK is at least three PART-TARGETs', (said, { partTargetS, ended }) => {
    if (partTargetS === null || ended) return undefined
    const enough = said.partHoldBackS !== null && said.partHoldBackS >= 3 * partTargetS - roundingS
    return enough ? null : `PART-HOLD-BACK ${said.partHoldBackS} for PART-TARGET ${partTargetS}`
  }),
  control('hold-back', 'HOLD-BACK is at least three TARGETDURATIONs', (said, { targetDurationS }) => {
    if (said.holdBackS === null) return undefined
    return said.holdBackS >= 3 * targetDurationS ? null : `HOLD-BACK ${said.holdBackS} of ${3 * targetDurationS}`
  }),
  control('skip-until', 'CAN-SKIP-UNTIL is at least six TARGETDURATIONs', (said, { targetDurationS }) => {
    if (said.canSkipUntilS === null) return undefined
    const enough = said.canSkipUntilS >= 6 * targetDurationS
    return enough ? null : `CAN-SKIP-UNTIL ${said.canSkipUntilS} of ${6 * targetDurationS}`
  }),
  {
    id: 'low-latency-announced',
    clause: 'Appendix B',
    rule: 'a stream with parts announces CAN-BLOCK-RELOAD',
    judge: (session) =>
      each(lowLatencyPlaylists(session), (seen) =>
        seen.playlist.serverControl?.canBlockReload ? null : about(seen, 'parts without CAN-BLOCK-RELOAD=YES'),
      ),
  },
]
