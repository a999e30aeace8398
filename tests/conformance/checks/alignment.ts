import { type Check, each } from '../check.ts'
import { about, fullPlaylists, readPlaylists } from '../observations.ts'
import { numbered, segmentBlocks } from '../position.ts'
import type { Session } from '../session.ts'

/** Audio is cut at the first frame boundary at or after the video's: one AAC frame of 44.1 kHz lasts 23 ms. */
const alignedWithinMs = 50

interface Place {
  /** Of the first sample, given or counted from a date before it; null where neither is possible. */
  readonly dateMs: number | null
  readonly discontinuity: boolean
}

function places(session: Session): ReadonlyMap<string, ReadonlyMap<number, Place>> {
  const found = new Map(session.renditions.map((uri) => [uri, new Map<number, Place>()]))
  for (const { rendition, playlist } of fullPlaylists(session)) {
    let dateMs: number | null = null
    for (const { msn, segment } of numbered(playlist)) {
      if (segment.discontinuity) dateMs = null
      dateMs = segment.programDateTimeMs ?? dateMs
      if (!found.get(rendition)?.has(msn))
        found.get(rendition)?.set(msn, { dateMs, discontinuity: segment.discontinuity })
      if (dateMs !== null) dateMs += segment.durationS * 1000
    }
  }
  return found
}

interface Pairing {
  readonly rendition: string
  readonly msn: number
  readonly one: Place
  readonly other: Place
}

function pairings(session: Session): Pairing[] {
  const [first, ...others] = [...places(session)]
  return others.flatMap(([rendition, numbers]) =>
    [...numbers].flatMap(([msn, other]) => {
      const one = first?.[1].get(msn)
      return one ? [{ rendition, msn, one, other }] : []
    }),
  )
}

export const alignmentChecks: readonly Check[] = [
  {
    id: 'aligned-dates',
    clause: '6.2.4, Apple HLS authoring specification',
    rule: 'segments of one number begin at the same date in all renditions',
    judge: (session) =>
      each(
        pairings(session).filter(({ one, other }) => one.dateMs !== null && other.dateMs !== null),
        (pair) => {
          const apartMs = Math.abs((pair.one.dateMs ?? 0) - (pair.other.dateMs ?? 0))
          return apartMs <= alignedWithinMs
            ? null
            : about(pair, `segment ${pair.msn} is ${Math.round(apartMs)} ms beside`)
        },
      ),
  },
  {
    id: 'aligned-discontinuities',
    clause: '6.2.4',
    rule: 'discontinuities stand at the same numbers in all renditions',
    judge: (session) =>
      each(
        // A playlist's first segment may have lost its discontinuity to DISCONTINUITY-SEQUENCE: only what both list counts.
        pairings(session),
        (pair) =>
          pair.one.discontinuity === pair.other.discontinuity
            ? null
            : about(pair, `segment ${pair.msn} has a discontinuity in one rendition only`),
      ),
  },
  {
    id: 'date-in-every-playlist',
    clause: 'Appendix B',
    rule: 'every playlist has a PROGRAM-DATE-TIME',
    judge: (session) =>
      each(
        fullPlaylists(session).filter(({ playlist }) => playlist.segments.length > 0),
        (seen) =>
          seen.text.includes('#EXT-X-PROGRAM-DATE-TIME:') ? null : about(seen, 'no PROGRAM-DATE-TIME anywhere in it'),
      ),
  },
  {
    id: 'dated-discontinuities',
    clause: '6.2.1',
    rule: 'a discontinuity comes with a new PROGRAM-DATE-TIME',
    judge: (session) => {
      const blocks = readPlaylists(session).flatMap((seen) =>
        segmentBlocks(seen.text)
          .filter(({ tags }) => tags.includes('#EXT-X-DISCONTINUITY'))
          .map(({ tags, uri }) => ({ seen, tags, uri })),
      )
      return each(blocks, ({ seen, tags, uri }) =>
        tags.some((tag) => tag.startsWith('#EXT-X-PROGRAM-DATE-TIME:'))
          ? null
          : about(seen, `the discontinuity before ${uri ?? 'the open segment'} has no date`),
      )
    },
  },
]
