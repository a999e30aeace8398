import { type Check, each, toleranceMs } from '../check.ts'
import { about, readPlaylists } from '../observations.ts'
import { holds } from '../position.ts'
import type { PlaylistPurpose, PlaylistSeen, Session } from '../session.ts'

const clause = '6.2.5.2'

const probes = ({ playlists }: Session, purpose: PlaylistPurpose) =>
  playlists.filter((seen) => seen.purpose === purpose && seen.exchange.status !== 0)

const took = ({ exchange }: PlaylistSeen) => Math.round(exchange.headAtMs - exchange.sentAtMs)

function refused(id: string, purpose: PlaylistPurpose, rule: string): Check {
  return {
    id,
    clause,
    rule,
    judge: (session) =>
      each(probes(session, purpose), (seen) => {
        if (seen.exchange.status !== 400) return about(seen, `status ${seen.exchange.status} for ${seen.exchange.url}`)
        return took(seen) > toleranceMs ? about(seen, `400 after ${took(seen)} ms`) : null
      }),
  }
}

function targetDurationOf(session: Session, rendition: string): number {
  return readPlaylists(session).find((seen) => seen.rendition === rendition)?.playlist.targetDurationS ?? 4
}

export const blockingChecks: readonly Check[] = [
  {
    id: 'blocking-waits',
    clause,
    rule: 'a blocked reload answers only when it holds what was asked for',
    judge: (session) => {
      const blocked = readPlaylists(session).filter(
        ({ purpose, playlist, directives }) => purpose === 'follow' && directives.msn !== null && !playlist.ended,
      )
      return each(blocked, (seen) => {
        const { msn, part } = seen.directives
        return msn === null || holds(seen.playlist, { msn, part })
          ? null
          : about(seen, `answered ${msn}.${part ?? '*'} without it, after ${took(seen)} ms`)
      })
    },
  },
  {
    id: 'blocking-prompt',
    clause,
    rule: 'a blocked reload answers as soon as the part it waits for can be fetched',
    judge: (session) => {
      const hinted = new Map(
        session.files
          .filter(({ occasion, exchange }) => occasion === 'hint' && exchange.status === 200)
          .map(({ rendition, position, exchange }) => [`${rendition} ${position?.msn}.${position?.part}`, exchange]),
      )
      const pairs = readPlaylists(session).flatMap((seen) => {
        const hint = hinted.get(`${seen.rendition} ${seen.directives.msn}.${seen.directives.part}`)
        return hint && seen.purpose === 'follow' ? [{ seen, lateMs: seen.exchange.headAtMs - hint.endAtMs }] : []
      })
      return each(pairs, ({ seen, lateMs }) => {
        const { msn, part } = seen.directives
        return lateMs <= toleranceMs
          ? null
          : about(seen, `${msn}.${part} listed ${Math.round(lateMs)} ms after its part`)
      })
    },
  },
  refused('part-alone', 'part-alone', '_HLS_part without _HLS_msn is answered 400'),
  refused('msn-too-far', 'msn-too-far', 'a media sequence number too far ahead is answered 400'),
  refused('part-too-far', 'part-too-far', 'a part beyond the advance part limit is answered 400'),
  {
    id: 'old-msn-at-once',
    clause,
    rule: 'an old media sequence number is answered at once with the playlist',
    judge: (session) =>
      each(probes(session, 'old-msn'), (seen) => {
        if (!seen.playlist) return about(seen, `${seen.problem} for ${seen.exchange.url}`)
        return took(seen) > toleranceMs ? about(seen, `answered after ${took(seen)} ms`) : null
      }),
  },
  {
    id: 'part-past-end',
    clause,
    rule: 'a part past the end of its segment means part 0 of the next',
    judge: (session) =>
      each(probes(session, 'past-end'), (seen) => {
        const { msn, part } = seen.directives
        const isThere = seen.playlist && msn !== null && holds(seen.playlist, { msn, part })
        return isThere || seen.playlist?.ended
          ? null
          : about(seen, `${seen.problem ?? 'no such part'} for ${msn}.${part}`)
      }),
  },
  {
    id: 'blocked-too-long',
    clause,
    rule: 'a reload blocked for three TARGETDURATIONs is answered 503, and none before',
    judge: (session) => {
      const limitMs = (seen: PlaylistSeen) => 3000 * targetDurationOf(session, seen.rendition)
      const waited = session.playlists.filter(
        (seen) => seen.directives.msn !== null && (seen.exchange.status === 503 || took(seen) > limitMs(seen)),
      )
      return each(waited, (seen) => {
        const isInTime = Math.abs(took(seen) - limitMs(seen)) <= 2 * toleranceMs
        return seen.exchange.status === 503 && isInTime
          ? null
          : about(seen, `status ${seen.exchange.status} after ${took(seen)} ms, 503 is due after ${limitMs(seen)} ms`)
      })
    },
  },
  {
    id: 'unknown-uri',
    clause: '6.2.6',
    rule: 'an address that was never listed nor hinted is answered 404',
    judge: ({ files }) =>
      each(
        files.filter(({ occasion, exchange }) => occasion === 'unknown' && exchange.status !== 0),
        (file) => (file.exchange.status === 404 ? null : about(file, `status ${file.exchange.status} for ${file.url}`)),
      ),
  },
]
