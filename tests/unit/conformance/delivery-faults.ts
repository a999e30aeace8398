import { gunzipSync } from 'node:zlib'
import { type Fault, media, status } from './breaking-proxy.ts'
import type { RuleFaults } from './rule-fault.ts'

const uncompressed: Fault = (answer, { url }) => {
  if (answer.status !== 200 || !url.pathname.endsWith('audio.m3u8')) return answer
  const { 'content-encoding': _, ...headers } = answer.headers
  return { ...answer, headers, body: gunzipSync(answer.body) }
}

const typed =
  (address: RegExp): Fault =>
  (answer, { url }) =>
    answer.status === 200 && address.test(url.pathname)
      ? { ...answer, headers: { ...answer.headers, 'content-type': 'text/plain' } }
      : answer

/** A box that players pass over (ISO/IEC 14496-12 8.1.2). */
const freeBox = Buffer.from('0000000866726565', 'hex')
const longer = (address: RegExp, from = 0): Fault =>
  media(address, (answer, { earlier }) =>
    earlier < from ? answer : { ...answer, body: Buffer.concat([answer.body, freeBox]) },
  )

export const deliveryFaults: RuleFaults = {
  'an unknown address that is not 404': {
    breaks: ['unknown-uri'],
    fault: status(400, ({ url }) => /9\d\d\.m4s$/.test(url.pathname)),
  },
  'a hint that is answered 404': {
    breaks: ['hint-delivered'],
    fault: status(404, ({ url, earlier }) => url.pathname.endsWith('/source/13.5.m4s') && earlier === 0),
  },
  'a part that is gone when it has left': {
    breaks: ['parts-stay'],
    fault: status(404, ({ url, earlier }) => /\/source\/\d+\.\d+\.m4s$/.test(url.pathname) && earlier > 0),
  },
  'a part that is gone soon after it has left': {
    breaks: ['parts-stay'],
    fault: status(404, ({ url, earlier }) => /\/source\/\d+\.\d+\.m4s$/.test(url.pathname) && earlier > 1),
  },
  'a playlist without gzip': { breaks: ['gzip-playlists'], fault: uncompressed },
  'a playlist of another type': { breaks: ['content-types'], fault: typed(/360p\.m3u8$/) },
  'media of another type': { breaks: ['content-types'], fault: typed(/\.m4s$/) },
  'a listed segment that is not there': {
    breaks: ['listed-is-there'],
    fault: status(404, ({ url }) => url.pathname.endsWith('/source/12.m4s')),
  },
  'a segment that is not its parts': { breaks: ['segment-is-its-parts'], fault: longer(/\/source\/13\.m4s$/) },
  'an init section that changes': { breaks: ['immutable-bytes'], fault: longer(/\/source\/init\.mp4$/, 1) },
}
