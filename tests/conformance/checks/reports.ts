import { type Check, each } from '../check.ts'
import { about, byRendition, lowLatencyPlaylists, type ReadPlaylist, readPlaylists } from '../observations.ts'
import { isAfter, newest } from '../position.ts'
import type { Position, Session } from '../session.ts'

const withoutQuery = (uri: string, base: string) => {
  const url = new URL(uri, base)
  url.search = ''
  return url.href
}

interface Report {
  readonly seen: ReadPlaylist
  readonly rendition: string
  readonly said: Position
}

function reports(session: Session): Report[] {
  return lowLatencyPlaylists(session).flatMap((seen) =>
    seen.playlist.renditionReports.flatMap(({ uri, lastMsn, lastPart }) =>
      lastMsn === null
        ? []
        : [{ seen, rendition: withoutQuery(uri, seen.rendition), said: { msn: lastMsn, part: lastPart ?? -1 } }],
    ),
  )
}

/** Null, or how a report differs from what that rendition's own playlists said before and after it. */
function problemOf({ seen, rendition, said }: Report, own: readonly ReadPlaylist[]): string | null {
  const before = own.findLast(({ exchange }) => exchange.endAtMs <= seen.exchange.sentAtMs)
  const after = own.find(({ exchange }) => exchange.sentAtMs >= seen.exchange.endAtMs)
  const name = rendition.split('/').at(-1)
  if (before && isAfter(newest(before.playlist), said)) {
    const { msn, part } = newest(before.playlist)
    return about(seen, `says ${said.msn}.${said.part} of ${name}, which had reached ${msn}.${part} before`)
  }
  if (after && isAfter(said, newest(after.playlist))) {
    const { msn, part } = newest(after.playlist)
    return about(seen, `says ${said.msn}.${said.part} of ${name}, which reached only ${msn}.${part} later`)
  }
  return null
}

export const reportChecks: readonly Check[] = [
  {
    id: 'reports-complete',
    clause: '4.4.5.4, Appendix B',
    rule: 'every playlist reports on every other rendition',
    judge: (session) =>
      session.renditions.length < 2
        ? { seen: 0, violations: [] }
        : each(lowLatencyPlaylists(session), (seen) => {
            const own = withoutQuery(seen.rendition, seen.rendition)
            const reported = seen.playlist.renditionReports
              .filter(({ lastMsn, lastPart }) => lastMsn !== null && lastPart !== null)
              .map(({ uri }) => withoutQuery(uri, seen.rendition))
            const missing = session.renditions
              .map((uri) => withoutQuery(uri, uri))
              .filter((uri) => uri !== own && !reported.includes(uri))
            return missing.length === 0 ? null : about(seen, `no complete report on ${missing.join(', ')}`)
          }),
  },
  {
    id: 'reports-right',
    clause: '4.4.5.4',
    rule: 'a report says neither more nor less than the rendition had reached',
    judge: (session) => {
      const own = byRendition(readPlaylists(session))
      return each(reports(session), (report) =>
        problemOf(report, [...own].find(([uri]) => withoutQuery(uri, uri) === report.rendition)?.[1] ?? []),
      )
    },
  },
]
