import { both, late, media, status } from './breaking-proxy.ts'
import type { RuleFaults } from './rule-fault.ts'

const asked = /source\.m3u8\?_HLS_msn=13&_HLS_part=5/
const part = /\/source\/13\.5\.m4s/

/** Directives are dropped for one part in five. */
function unblocked(url: URL): URL {
  return url.searchParams.get('_HLS_part') === '3' ? new URL(url.pathname, url) : url
}

export const timingFaults: RuleFaults = {
  'a part that comes late': {
    breaks: ['new-part-in-time'],
    fault: both(late(1000, asked), late(1000, part)),
  },
  'a segment that comes late': {
    breaks: ['new-part-in-time', 'new-segment-in-time'],
    fault: both(late(5000, asked), late(5000, part)),
  },
  'a reload that does not block': {
    breaks: ['blocking-waits'],
    redirect: unblocked,
  },
  'a reload that is answered well after the part was there': {
    breaks: ['blocking-prompt'],
    fault: late(315, asked),
  },
  'a part alone that is not refused': {
    breaks: ['part-alone'],
    fault: status(404, ({ url }) => /\?_HLS_part=0$/.test(url.href)),
  },
  'a far number that is not refused': {
    breaks: ['msn-too-far'],
    fault: status(404, ({ url }) => /\?_HLS_msn=16$/.test(url.href)),
  },
  'a far number that is refused late': {
    breaks: ['msn-too-far'],
    fault: late(1000, /\?_HLS_msn=16$/),
  },
  'a far part that is not refused': {
    breaks: ['part-too-far'],
    fault: status(404, ({ url }) => /_HLS_part=1[1-9]$/.test(url.href)),
  },
  'an old number that is refused': {
    breaks: ['old-msn-at-once'],
    fault: status(400, ({ url }) => /_HLS_msn=9$/.test(url.href)),
  },
  'an old number that is answered late': {
    breaks: ['old-msn-at-once'],
    fault: late(1000, /_HLS_msn=9$/),
  },
  'a part past the end that is refused': {
    breaks: ['part-past-end'],
    fault: status(400, ({ url, earlier }) => /_HLS_msn=11&_HLS_part=10$/.test(url.href) && earlier > 0),
  },
  'a reload that is never given up': {
    breaks: ['blocked-too-long'],
    options: { stallsAtMs: 6000 },
    fault: (answer) => (answer.status === 503 ? { ...answer, status: 404 } : answer),
  },
  'a part that drips': {
    breaks: ['hint-whole'],
    fault: media(part, (answer) => ({ ...answer, bodyMs: 250 })),
  },
  'directives that count after the end': {
    breaks: ['end-ignores-directives'],
    options: { endAfter: 14 },
    fault: status(400, ({ url }) => /_HLS_msn=14&_HLS_part=0/.test(url.href)),
  },
  'an end that is waited for': {
    breaks: ['end-ignores-directives'],
    options: { endAfter: 14 },
    fault: late(2000, /_HLS_msn=14&_HLS_part=0/),
  },
}
