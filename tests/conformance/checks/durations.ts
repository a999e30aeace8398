import { type Check, each } from '../check.ts'
import { about, readPlaylists } from '../observations.ts'
import { openNumber } from '../position.ts'
import type { Session } from '../session.ts'

/** Decimals are rounded when they are written. */
const roundingS = 0.0005
/** 4.4.4.9: every part but the last of its segment, except where INDEPENDENT or GAP says otherwise. */
const leastOfTarget = 0.85

interface SeenPart {
  readonly rendition: string
  readonly uri: string
  readonly durationS: number
  readonly targetS: number
  /** It may be shorter than the others. */
  readonly mayBeShort: boolean
}

function parts(session: Session): SeenPart[] {
  const seen = new Map<string, SeenPart>()
  for (const { playlist, rendition } of readPlaylists(session)) {
    const targetS = playlist.partTargetS
    if (targetS === null) continue
    const groups = [...playlist.segments.map((segment) => segment.parts), playlist.openParts]
    for (const [index, group] of groups.entries()) {
      const isOpen = index === groups.length - 1
      for (const [p, { uri, durationS, independent, gap }] of group.entries()) {
        // The last part so far of an open segment may prove to be its last: it is judged when it does not.
        const mayBeShort = p === group.length - 1 || independent || gap
        if (isOpen && mayBeShort && seen.has(uri)) continue
        seen.set(uri, { rendition, uri, durationS, targetS, mayBeShort })
      }
    }
  }
  return [...seen.values()]
}

export const durationChecks: readonly Check[] = [
  {
    id: 'segment-durations',
    clause: '4.4.3.1',
    rule: 'EXTINF, rounded, is at most TARGETDURATION',
    judge: (session) =>
      each(
        readPlaylists(session).filter(({ playlist }) => playlist.segments.length > 0),
        (seen) => {
          const { segments, targetDurationS } = seen.playlist
          const at = segments.findIndex(({ durationS }) => Math.round(durationS) > targetDurationS)
          const msn = openNumber(seen.playlist) - segments.length + at
          return at < 0
            ? null
            : about(seen, `segment ${msn} lasts ${segments[at]?.durationS} s of ${targetDurationS} s`)
        },
      ),
  },
  {
    id: 'part-durations-longest',
    clause: '4.4.3.7',
    rule: 'no part is longer than PART-TARGET',
    judge: (session) =>
      each(parts(session), (part) =>
        part.durationS <= part.targetS + roundingS
          ? null
          : about(part, `${part.uri} lasts ${part.durationS} s of ${part.targetS} s`),
      ),
  },
  {
    id: 'part-durations-shortest',
    clause: '4.4.3.7',
    rule: 'a part lasts at least 85 % of PART-TARGET unless it is independent, a gap or the last of its segment',
    judge: (session) =>
      each(
        parts(session).filter(({ mayBeShort }) => !mayBeShort),
        (part) =>
          part.durationS >= part.targetS * leastOfTarget - roundingS
            ? null
            : about(part, `${part.uri} lasts ${part.durationS} s, under 85 % of ${part.targetS} s`),
      ),
  },
]
