import { expect, test } from 'vitest'
import { directivesOf } from '../../../site/edge/directives.ts'

test.each([
  ['/live/raad/source.m3u8', { position: null, skip: false }],
  ['/live/raad/source.m3u8?', { position: null, skip: false }],
  ['/live/raad/source.m3u8?_HLS_skip=YES', { position: null, skip: true }],
  ['/live/raad/source.m3u8?_HLS_msn=12', { position: { msn: 12, part: null }, skip: false }],
  ['/live/raad/source.m3u8?_HLS_msn=12&_HLS_part=3&_HLS_skip=v2', { position: { msn: 12, part: 3 }, skip: true }],
  ['/live/raad/source.m3u8?_HLS_part=3', null],
  ['/live/raad/source.m3u8?_HLS_msn=', null],
  ['/live/raad/source.m3u8?_HLS_msn=-1', null],
  ['/live/raad/source.m3u8?_HLS_msn=1e3', null],
  ['/live/raad/source.m3u8?_HLS_msn=1&_HLS_part=x', null],
  ['/live/raad/source.m3u8?_HLS_msn=9999999999999999', null],
])('the directives of %s', (target, directives) => {
  expect(directivesOf(target)).toEqual(directives)
})
