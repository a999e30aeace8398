import { type Check, each } from '../check.ts'
import {
  about,
  byRendition,
  fullPlaylists,
  lowLatencyPlaylists,
  type ReadPlaylist,
  readPlaylists,
} from '../observations.ts'
import { firstListed, numbered, openNumber, segmentBlocks } from '../position.ts'
import type { Session } from '../session.ts'

const beforeParts = /^#EXT-X-(MAP|KEY|PROGRAM-DATE-TIME):|^#EXT-X-DISCONTINUITY$/

interface OpenSegment {
  readonly seen: ReadPlaylist
  /** Tags before the first part, while the segment was open and when it was complete. */
  readonly open: string
  readonly complete: string
}

const headOf = (tags: readonly string[]) => tags.filter((tag) => beforeParts.test(tag)).join(' ')

/** Segments that were seen open, with parts, and complete; each once for every rendition. */
function openSegments(session: Session): OpenSegment[] {
  return [...byRendition(fullPlaylists(session)).values()].flatMap((playlists) => {
    const open = new Map<number, string>()
    const found: OpenSegment[] = []
    for (const seen of playlists) {
      const blocks = segmentBlocks(seen.text)
      for (const [msn, head] of open) {
        const block = blocks[msn - firstListed(seen.playlist)]
        // The first segment of a playlist repeats the tags that are in force.
        if (!block?.uri || msn === firstListed(seen.playlist)) continue
        found.push({ seen, open: head, complete: headOf(block.tags) })
        open.delete(msn)
      }
      if (seen.playlist.openParts.length > 0) open.set(openNumber(seen.playlist), headOf(blocks.at(-1)?.tags ?? []))
    }
    return found
  })
}

export const orderChecks: readonly Check[] = [
  {
    id: 'tags-before-parts',
    clause: '4.4.4.9',
    rule: 'MAP, KEY, PROGRAM-DATE-TIME and DISCONTINUITY stand before the first part of their segment',
    judge: (session) =>
      each(
        lowLatencyPlaylists(session).filter(({ text }) => text.includes('#EXT-X-PART:')),
        (seen) => {
          for (const { tags } of segmentBlocks(seen.text)) {
            const first = tags.findIndex((tag) => tag.startsWith('#EXT-X-PART:'))
            const late = first < 0 ? undefined : tags.slice(first).find((tag) => beforeParts.test(tag))
            if (late) return about(seen, `${late} behind a part`)
          }
          return null
        },
      ),
  },
  {
    id: 'tags-from-the-first-part',
    clause: '4.4.4.9, 6.2.1',
    rule: 'what stands before a segment stands there from its first part on',
    judge: (session) =>
      each(openSegments(session), ({ seen, open, complete }) => {
        return open === complete ? null : about(seen, `"${open}" while it was open, "${complete}" afterwards`)
      }),
  },
  {
    id: 'map-in-force',
    clause: '4.4.4.5',
    rule: 'an init section is in force for every segment of fragmented MP4',
    judge: (session) =>
      each(
        readPlaylists(session).filter(({ playlist }) => playlist.skip === null && playlist.segments.length > 0),
        (seen) => {
          const bare = numbered(seen.playlist).find(({ segment }) => !segment.map && !segment.gap && isMp4(segment.uri))
          return bare ? about(seen, `segment ${bare.msn} has no EXT-X-MAP`) : null
        },
      ),
  },
]

const isMp4 = (uri: string) => /\.(m4s|mp4|cmfv|cmfa)([?#]|$)/.test(uri)
