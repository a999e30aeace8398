import { type Check, each, short } from '../check.ts'
import { about, readPlaylists } from '../observations.ts'
import type { FileSeen, Session } from '../session.ts'

const playlistTypes = ['application/vnd.apple.mpegurl', 'audio/mpegurl']
const mediaTypes = ['video/mp4', 'audio/mp4', 'video/iso.segment', 'audio/iso.segment', 'video/mp2t', 'audio/aac']

const typeOf = (header: string | undefined) => (header ?? '').split(';')[0]?.trim().toLowerCase() ?? ''

const isListed = ({ occasion }: FileSeen) => occasion === 'listed' || occasion === 'hint'

function typedAnswers({ multivariant, playlists, files }: Session) {
  const texts = [...(multivariant ? [multivariant] : []), ...playlists].filter(
    ({ exchange }) => exchange.status === 200,
  )
  const media = files.filter((file) => isListed(file) && file.exchange.status === 200)
  return [
    ...texts.map(({ exchange }) => ({ exchange, allowed: playlistTypes })),
    ...media.map(({ exchange }) => ({ exchange, allowed: mediaTypes })),
  ]
}

export const deliveryChecks: readonly Check[] = [
  {
    id: 'gzip-playlists',
    clause: 'Appendix B',
    rule: 'playlists are sent with gzip to who accepts it',
    judge: (session) =>
      each(readPlaylists(session), (seen) => {
        const encoding = seen.exchange.headers['content-encoding']
        return encoding === 'gzip' ? null : about(seen, `content-encoding ${encoding ?? 'none'}`)
      }),
  },
  {
    id: 'content-types',
    clause: '4',
    rule: 'playlists and media say what they are in Content-Type',
    judge: (session) =>
      each(typedAnswers(session), ({ exchange, allowed }) => {
        const type = typeOf(exchange.headers['content-type'])
        return allowed.includes(type) ? null : `${short(exchange.url)} is "${type}"`
      }),
  },
  {
    id: 'listed-is-there',
    clause: '6.2.1, 4.4.4.7',
    rule: 'what is listed without EXT-X-GAP can be fetched',
    judge: ({ files }) =>
      each(
        files.filter(({ occasion }) => occasion === 'listed'),
        (file) =>
          file.exchange.status === 200 && file.exchange.body.length > 0
            ? null
            : about(file, `${short(file.url)} is listed and answered ${file.exchange.status}`),
      ),
  },
]
