import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { GrowingGzip } from '../../../site/edge/growing-gzip.ts'

const line = (n: number) => `#EXTINF:4,\n/media/recording/span/source/${n}.m4s\n`
const lines = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => line(from + index)).join('')

test('every version of a growing text is one ordinary gzip of the whole of it', () => {
  const gzip = new GrowingGzip()
  for (const length of [0, 1, 2000, 2001, 9000, 9003]) {
    const settled = lines(0, length)
    const rest = lines(length, length + 3)
    expect(gunzipSync(gzip.compress({ settled, rest })).toString()).toBe(settled + rest)
  }
})

test('compressing in blocks costs a tenth at most', async () => {
  const { gzipSync } = await import('node:zlib')
  const settled = lines(0, 20_000)
  const grown = new GrowingGzip().compress({ settled, rest: '' }).length
  expect(grown).toBeLessThan(gzipSync(settled).length * 1.1)
})
