import type { MediaPlaylist, MediaSegment } from '#archive/hls/playlist.ts'
import { type Check, each, type Finding } from '../check.ts'
import { about, byRendition, type ReadPlaylist, readPlaylists, successions } from '../observations.ts'
import { newest, numbered, openNumber } from '../position.ts'
import type { Session } from '../session.ts'

interface KnownSegment {
  readonly facts: string
  readonly map: string | null
  readonly dateMs: number | null
  readonly parts: string | null
}

function known(segment: MediaSegment): KnownSegment {
  const { uri, durationS, discontinuity, gap, map, programDateTimeMs, parts } = segment
  return {
    facts: JSON.stringify({ uri, durationS, discontinuity, gap }),
    map: map && JSON.stringify(map),
    dateMs: programDateTimeMs,
    parts: parts.length > 0 ? JSON.stringify(parts) : null,
  }
}

/** What a playlist may leave out, it may say later; what it said, it may not change. */
const differs = <T>(a: T | null, b: T | null) => a !== null && b !== null && a !== b

function changed(before: KnownSegment, after: KnownSegment): string | null {
  if (before.facts !== after.facts) return `${before.facts} became ${after.facts}`
  if (differs(before.map, after.map)) return `its EXT-X-MAP ${before.map} became ${after.map}`
  if (differs(before.dateMs, after.dateMs)) return `its date ${before.dateMs} became ${after.dateMs}`
  return differs(before.parts, after.parts) ? 'its parts changed after it was complete' : null
}

function appendOnly(session: Session): Finding {
  const violations: string[] = []
  let count = 0
  for (const seen of byRendition(readPlaylists(session)).values()) {
    const segments = new Map<number, KnownSegment>()
    const open = new Map<number, string[]>()
    for (const one of seen) {
      count++
      for (const { msn, segment } of numbered(one.playlist)) {
        const before = segments.get(msn)
        const after = known(segment)
        const problem = before && changed(before, after)
        if (problem) violations.push(about(one, `segment ${msn}: ${problem}`))
        segments.set(msn, { ...after, ...withoutNull(before), facts: after.facts })
        const begun = open.get(msn)?.filter((part, p) => segment.parts[p] && part !== JSON.stringify(segment.parts[p]))
        if (begun && begun.length > 0)
          violations.push(about(one, `parts of segment ${msn} changed when it was complete`))
      }
      const problem = openPartsProblem(one.playlist, open)
      if (problem) violations.push(about(one, problem))
    }
  }
  return { seen: Math.max(0, count - 1), violations: [...new Set(violations)] }
}

function withoutNull(segment: KnownSegment | undefined): Partial<KnownSegment> {
  return Object.fromEntries(Object.entries(segment ?? {}).filter(([, value]) => value !== null))
}

/** Whether the open segment's parts begin with those that were known of it, or are the beginning of them. */
function openPartsProblem(playlist: MediaPlaylist, open: Map<number, string[]>): string | null {
  const msn = openNumber(playlist)
  const before = open.get(msn) ?? []
  const parts = playlist.openParts.map((part) => JSON.stringify(part))
  const at = parts.findIndex((part, p) => before[p] !== undefined && before[p] !== part)
  if (parts.length > before.length) open.set(msn, parts)
  return at < 0 ? null : `part ${msn}.${at} became another`
}

interface Step {
  readonly earlier: ReadPlaylist
  readonly later: ReadPlaylist
}

function steps(session: Session, problem: (step: Step) => string | null): Finding {
  const pairs = [...byRendition(readPlaylists(session)).values()].flatMap((seen) =>
    successions(seen).map(([earlier, later]) => ({ earlier, later })),
  )
  return each(pairs, (step) => {
    const said = problem(step)
    return said && about(step.later, said)
  })
}

/** Discontinuities that a rendition's playlists ever listed, by media sequence number. */
function discontinuities(session: Session, rendition: string): ReadonlySet<number> {
  const own = readPlaylists(session).filter((seen) => seen.rendition === rendition)
  return new Set(
    own.flatMap(({ playlist }) => numbered(playlist).flatMap(({ msn, segment }) => (segment.discontinuity ? msn : []))),
  )
}

export const historyChecks: readonly Check[] = [
  {
    id: 'append-only',
    clause: '6.2.1',
    rule: 'what was listed once is listed unchanged until it leaves',
    judge: appendOnly,
  },
  {
    id: 'never-backwards',
    clause: '6.2.1',
    rule: 'a later playlist never lists less than an earlier one',
    judge: (session) =>
      steps(session, ({ earlier, later }) => {
        const [before, after] = [newest(earlier.playlist), newest(later.playlist)]
        const isLess = openNumber(later.playlist) < openNumber(earlier.playlist)
        return isLess ? `${before.msn}.${before.part} was listed, then only ${after.msn}.${after.part}` : null
      }),
  },
  {
    id: 'media-sequence',
    clause: '4.4.3.2',
    rule: 'MEDIA-SEQUENCE never decreases',
    judge: (session) =>
      steps(session, ({ earlier, later }) => {
        const [before, after] = [earlier.playlist.mediaSequence, later.playlist.mediaSequence]
        return after >= before ? null : `MEDIA-SEQUENCE ${before} became ${after}`
      }),
  },
  {
    id: 'discontinuity-sequence',
    clause: '4.4.3.3',
    rule: 'DISCONTINUITY-SEQUENCE grows by the discontinuities that left the playlist, and never decreases',
    judge: (session) => {
      const byAddress = new Map(session.renditions.map((uri) => [uri, discontinuities(session, uri)]))
      return steps(session, ({ earlier, later }) => {
        const [from, to] = [earlier.playlist.mediaSequence, later.playlist.mediaSequence]
        const left = [...(byAddress.get(later.rendition) ?? [])].filter((msn) => msn >= from && msn < to).length
        const [before, after] = [earlier.playlist.discontinuitySequence, later.playlist.discontinuitySequence]
        return after === before + left ? null : `${before} became ${after}, ${left} discontinuities left`
      })
    },
  },
]
