import { type Check, each, short } from '../check.ts'
import { about, lowLatencyPlaylists, readPlaylists } from '../observations.ts'
import { numbered, openNumber } from '../position.ts'
import type { FileSeen, Session } from '../session.ts'

/** Bytes of one part come within this of its first one: it was complete before. A quarter of a part of 0.4 s. */
const fullSpeedMs = 100

function hintedParts({ files }: Session) {
  return files.filter(({ occasion }) => occasion === 'hint')
}

const placeOf = ({ rendition, position }: FileSeen) => `${rendition} ${position?.msn}.${position?.part}`

/** Addresses of parts by rendition, media sequence number and index, as they were listed first. */
function listedAt(session: Session): ReadonlyMap<string, string> {
  const listed = new Map<string, string>()
  for (const { playlist, rendition } of readPlaylists(session)) {
    const groups = [
      ...numbered(playlist).map(({ msn, segment }) => ({ msn, parts: segment.parts })),
      { msn: openNumber(playlist), parts: playlist.openParts },
    ]
    for (const { msn, parts } of groups) {
      for (const [p, { uri }] of parts.entries()) {
        const place = `${rendition} ${msn}.${p}`
        if (!listed.has(place)) listed.set(place, new URL(uri, rendition).href)
      }
    }
  }
  return listed
}

export const hintChecks: readonly Check[] = [
  {
    id: 'hint-present',
    clause: '4.4.5.3',
    rule: 'a playlist that goes on hints at its next part',
    judge: (session) =>
      each(lowLatencyPlaylists(session), (seen) => {
        const parts = seen.playlist.preloadHints.filter(({ type }) => type === 'PART')
        return parts.length === 1 ? null : about(seen, `${parts.length} hints of a part`)
      }),
  },
  {
    id: 'hint-delivered',
    clause: '6.2.6',
    rule: 'a hinted part is delivered, complete, when it exists',
    judge: (session) => {
      const listed = listedAt(session)
      // A part that never came cannot be delivered.
      const came = hintedParts(session).filter((file) => listed.has(placeOf(file)))
      return each(came, (file) => {
        const { status, body } = file.exchange
        return status === 200 && body.length > 0
          ? null
          : about(file, `${short(file.url)} was hinted and answered ${status}, ${body.length} bytes`)
      })
    },
  },
  {
    id: 'hint-whole',
    clause: '6.2.6',
    rule: 'not one byte of a hinted part comes before all of it can be sent at full speed',
    judge: (session) =>
      each(
        hintedParts(session).filter(({ exchange }) => exchange.status === 200),
        (file) => {
          const tookMs = file.exchange.endAtMs - file.exchange.headAtMs
          return tookMs <= fullSpeedMs
            ? null
            : about(file, `${short(file.url)} took ${Math.round(tookMs)} ms from its first byte to its last`)
        },
      ),
  },
  {
    id: 'hint-comes-true',
    clause: '6.2.6',
    rule: 'what was hinted is what is listed next',
    judge: (session) => {
      const listed = listedAt(session)
      const known = hintedParts(session).flatMap((file) => {
        const uri = listed.get(placeOf(file))
        return uri === undefined ? [] : [{ file, uri }]
      })
      return each(known, ({ file, uri }) =>
        uri === file.url ? null : about(file, `${short(file.url)} was hinted, ${short(uri)} came`),
      )
    },
  },
]
