import { both, type Fault, text } from './breaking-proxy.ts'
import type { RuleFaults } from './rule-fault.ts'

const all = /\.m3u8/
const source = /source\.m3u8/
const audio = /audio\.m3u8/
const delta = /_HLS_skip=YES/

/** Halfway through a session. */
const laterMs = 15_000

/** What is left of a low-latency stream when everything of it is removed. */
export const plain: Fault = text(all, (said) =>
  said.replace(/^#EXT-X-(PART|PART-INF|SERVER-CONTROL|PRELOAD-HINT|RENDITION-REPORT):.*\n/gm, ''),
)

const replace = (address: RegExp, what: RegExp | string, by: string): Fault =>
  text(address, (said) => said.replaceAll(what, by))

const later = (address: RegExp, what: RegExp, by: string): Fault =>
  text(address, (said, { nowMs }) => (nowMs > laterMs ? said.replace(what, by) : said))

const partTag = (name: string) => new RegExp(`^#EXT-X-PART:DURATION=0.4,URI="([^"]*/source/${name}\\.m4s)"`, 'gm')

/** The playlist without its first `count` segments. */
const withoutFirst = (said: string, count: number) => {
  const blocks = said.split(/(?<=\.m4s\n)/)
  const [head = '', first = ''] = (blocks[0] ?? '').split(/(?=#EXT-X-MAP)/)
  const map = first.split('\n')[0]
  return `${head}${map}\n${blocks.slice(count).join('')}`
}

const last = (said: string) => said.lastIndexOf('.m4s\n') + '.m4s\n'.length

export const playlistFaults: RuleFaults = {
  'a tag that cannot be read': {
    breaks: ['syntax'],
    fault: text(/source\.m3u8/, (said, { nowMs }) =>
      nowMs > laterMs ? said.replace('#EXTINF:4,', '#EXTINF:x,') : said,
    ),
  },
  'a multivariant playlist that names a group it does not have': {
    breaks: ['second-opinion'],
    fault: replace(/index\.m3u8/, '#EXT-X-STREAM-INF:', '#EXT-X-STREAM-INF:VIDEO="none",'),
  },
  'a segment longer than the target': {
    breaks: ['second-opinion', 'segment-durations'],
    fault: replace(source, '#EXTINF:4,\n/media/rec/sa/source/3.m4s', '#EXTINF:4.6,\n/media/rec/sa/source/3.m4s'),
  },
  'a part longer than the target': {
    breaks: ['part-durations-longest', 'part-durations-true'],
    fault: replace(source, partTag('13\\.2'), '#EXT-X-PART:DURATION=0.5,URI="$1"'),
  },
  'a part much shorter than the target': {
    breaks: ['part-durations-shortest', 'part-durations-true'],
    fault: replace(source, partTag('13\\.2'), '#EXT-X-PART:DURATION=0.3,URI="$1"'),
  },
  'parts that last longer than they say': {
    breaks: ['part-durations-true'],
    fault: replace(source, partTag('\\d+\\.\\d'), '#EXT-X-PART:DURATION=0.39,URI="$1"'),
  },
  'a target duration of its own in one rendition': {
    breaks: ['constant-target-duration'],
    fault: both(
      replace(all, /,?(CAN-SKIP-UNTIL|HOLD-BACK)=(24|12)\b/g, ''),
      replace(audio, 'TARGETDURATION:4', 'TARGETDURATION:5'),
    ),
  },
  'a part target of its own in one rendition': {
    breaks: ['constant-part-target'],
    fault: replace(audio, 'PART-TARGET=0.42', 'PART-TARGET=0.41'),
  },
  'a part target that changes': {
    breaks: ['constant-part-target'],
    fault: later(all, /PART-TARGET=0.42/, 'PART-TARGET=0.41'),
  },
  'a server control that changes': {
    breaks: ['constant-server-control'],
    fault: later(source, /PART-HOLD-BACK=1.26/, 'PART-HOLD-BACK=1.5'),
  },
  'a hold-back of two parts': {
    breaks: ['part-hold-back'],
    fault: replace(all, 'PART-HOLD-BACK=1.26', 'PART-HOLD-BACK=0.84'),
  },
  'a hold-back under three target durations': {
    breaks: ['second-opinion', 'hold-back'],
    fault: replace(all, ',HOLD-BACK=12', ',HOLD-BACK=11'),
  },
  'a skip boundary under six target durations': {
    breaks: ['second-opinion', 'skip-until'],
    fault: replace(all, 'CAN-SKIP-UNTIL=24', 'CAN-SKIP-UNTIL=20'),
  },
  'parts without blocking reloads': {
    breaks: ['second-opinion', 'low-latency-announced'],
    fault: replace(all, 'CAN-BLOCK-RELOAD=YES,', ''),
  },
  'no hint': {
    breaks: ['second-opinion', 'hint-present'],
    fault: replace(source, /^#EXT-X-PRELOAD-HINT:.*\n/gm, ''),
  },
  'a hint that does not come true': {
    breaks: ['hint-comes-true'],
    fault: text(source, (said) => said.replace(/(HINT:.*13\.5\.m4s)/, '$1?other')),
  },
  'a segment that gets another address': {
    breaks: ['append-only'],
    fault: later(source, /source\/2\.m4s/, 'source/2.m4s?other'),
  },
  'a part that becomes another when its segment is complete': {
    breaks: ['append-only'],
    fault: text(source, (said) =>
      said.includes('/source/13.m4s') ? said.replace(/13\.3\.m4s/, '13.3.m4s?other') : said,
    ),
  },
  'a playlist that loses its end': {
    breaks: ['never-backwards'],
    fault: both(
      plain,
      text(source, (said, { nowMs }) =>
        nowMs > laterMs && nowMs < laterMs + 2000
          ? said
              .split(/(?<=\.m4s\n)/)
              .slice(0, -3)
              .join('')
          : said,
      ),
    ),
  },
  'a window that moves backwards': {
    breaks: ['media-sequence'],
    fault: both(
      plain,
      text(source, (said, { nowMs }) =>
        nowMs < laterMs ? withoutFirst(said.replace('MEDIA-SEQUENCE:0', 'MEDIA-SEQUENCE:3'), 3) : said,
      ),
    ),
  },
  'discontinuities that are counted though none left': {
    breaks: ['discontinuity-sequence'],
    fault: later(source, /DISCONTINUITY-SEQUENCE:0/, 'DISCONTINUITY-SEQUENCE:1'),
  },
  'discontinuities that leave uncounted': {
    breaks: ['discontinuity-sequence'],
    options: { windowSegments: 4, discontinuityAt: 9 },
    fault: replace(all, 'DISCONTINUITY-SEQUENCE:1', 'DISCONTINUITY-SEQUENCE:0'),
  },
  'a delta that differs': {
    breaks: ['delta-equals-full'],
    fault: replace(delta, /(HINT:.*\.m4s)/g, '$1?delta'),
  },
  'a delta in an old version': {
    breaks: ['skip-version'],
    fault: replace(delta, 'VERSION:9', 'VERSION:8'),
  },
  'a delta that skips too much': {
    breaks: ['skip-boundary'],
    fault: text(delta, (said) =>
      said.includes('#EXT-X-SKIP')
        ? said
            .replace(/SKIPPED-SEGMENTS=(\d+)/, (_, count) => `SKIPPED-SEGMENTS=${Number(count) + 1}`)
            .replace(/(SKIPPED-SEGMENTS=\d+\n)[\s\S]*?\.m4s\n/, '$1')
        : said,
    ),
  },
  'a rendition nobody reports on': {
    breaks: ['reports-complete'],
    fault: replace(source, /^#EXT-X-RENDITION-REPORT:URI="audio.*\n/gm, ''),
  },
  'a report that runs ahead': {
    breaks: ['reports-right'],
    fault: text(source, (said) => said.replace(/LAST-MSN=(\d+)/, (_, msn) => `LAST-MSN=${Number(msn) + 2}`)),
  },
  'a report that lags': {
    breaks: ['reports-right'],
    fault: text(source, (said) => said.replace(/LAST-MSN=(\d+)/, (_, msn) => `LAST-MSN=${Number(msn) - 2}`)),
  },
  'sound that is dated late': {
    breaks: ['aligned-dates'],
    fault: replace(audio, /\.([07])00Z/g, '.$160Z'),
  },
  'a discontinuity that one rendition lacks': {
    breaks: ['aligned-discontinuities'],
    fault: replace(audio, '#EXT-X-DISCONTINUITY\n', ''),
  },
  'playlists without dates': {
    breaks: ['date-in-every-playlist'],
    options: { discontinuityAt: 99 },
    fault: replace(audio, /^#EXT-X-PROGRAM-DATE-TIME:.*\n/gm, ''),
  },
  'a discontinuity without a date': {
    breaks: ['dated-discontinuities'],
    fault: replace(source, /(#EXT-X-DISCONTINUITY\n#EXT-X-MAP:.*\n)#EXT-X-PROGRAM-DATE-TIME:.*\n/g, '$1'),
  },
  'a date behind a part': {
    breaks: ['tags-before-parts'],
    fault: replace(source, /(#EXT-X-PROGRAM-DATE-TIME:.*\n)(#EXT-X-PART:.*\n)/g, '$2$1'),
  },
  'a discontinuity that is told when its segment is complete': {
    breaks: ['tags-from-the-first-part'],
    fault: text(
      source,
      (said) =>
        `${said.slice(0, last(said))}${said.slice(last(said)).replace(/^#EXT-X-(DISCONTINUITY|MAP|PROGRAM).*\n/gm, '')}`,
    ),
  },
  'segments without an init section': {
    breaks: ['map-in-force'],
    fault: replace(audio, /^#EXT-X-MAP:.*\n/gm, ''),
  },
  'parts that linger': {
    breaks: ['parts-leave'],
    options: { segmentsWithParts: 6 },
  },
  'a part that says it is independent': {
    breaks: ['independent-parts'],
    fault: replace(source, /(13\.3\.m4s")/g, '$1,INDEPENDENT=YES'),
  },
  'a playlist that changes after its end': {
    breaks: ['end-is-final'],
    options: { endAfter: 14 },
    fault: text(/source\.m3u8$/, (said) =>
      said.includes('ENDLIST')
        ? said.replace(
            '#EXT-X-INDEPENDENT',
            '#EXT-X-DATERANGE:ID="1",START-DATE="2026-03-02T19:00:00Z"\n#EXT-X-INDEPENDENT',
          )
        : said,
    ),
  },
  'a hint after the end': {
    breaks: ['end-without-hints'],
    options: { endAfter: 14 },
    fault: replace(
      source,
      '#EXT-X-ENDLIST',
      '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="/media/rec/sb/source/14.0.m4s"\n#EXT-X-ENDLIST',
    ),
  },
}
