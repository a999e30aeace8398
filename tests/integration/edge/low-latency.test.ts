import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { parsePlaylist } from '#archive/hls/playlist-parser.ts'
import type { Reply } from '#tests/support/edge-child.ts'
import { until } from '#tests/support/until.ts'
import { openEvening } from './evening.ts'

/** A live meeting with two segments, and its source's playlist. */
async function streaming(kind: 'council' | 'press' = 'council') {
  const evening = await openEvening({ kind })
  await evening.start()
  evening.live.tellMeeting(evening.meeting, 'live')
  const recording = await evening.live.record(evening.meeting)
  const first = recording.segment()
  recording.segment()
  const address = `/live/${evening.meeting.slug}/source.m3u8`
  const media = `/media/${evening.meeting.recording}/${recording.span}/source`
  await until('two segments are listed', async () => (await evening.edge.get(address)).text.includes(`${media}/1.m4s`))
  return { ...evening, recording, first, address, media }
}

/** Whether the answer is still awaited a moment after everything that was asked before has been answered. */
async function isWaiting(answer: Promise<Reply>, ask: () => Promise<unknown>): Promise<boolean> {
  let isAnswered = false
  void answer.then(() => {
    isAnswered = true
  })
  for (let turn = 0; turn < 3; turn++) await ask()
  return !isAnswered
}

const statusAndHint = ({ status, text }: Reply) => [
  status,
  /PRELOAD-HINT:TYPE=PART,URI="[^"]*\/([^/"]+)"/.exec(text)?.[1],
]

test('a reload waits for the part it names, and all who wait get the same version', async () => {
  const { edge, address, recording } = await streaming()
  const asked = [0, 1, 2].map(() => edge.get(`${address}?_HLS_msn=2&_HLS_part=1`))
  recording.begin(1)
  expect((await edge.get(`${address}?_HLS_msn=2&_HLS_part=0`)).text).toContain('/2.0.m4s"')
  expect(await isWaiting(Promise.race(asked), () => edge.get(address))).toBe(true)
  recording.begin(2)
  const answers = await Promise.all(asked)
  expect(answers.map(statusAndHint)).toEqual(Array(3).fill([200, '2.2.m4s']))
  expect(new Set(answers.map(({ headers }) => headers.etag)).size).toBe(1)
})

test('a whole segment is waited for until it is complete, a part past its end until the next begins', async () => {
  const { edge, address, recording } = await streaming()
  const [whole, past] = [edge.get(`${address}?_HLS_msn=2`), edge.get(`${address}?_HLS_msn=2&_HLS_part=10`)]
  recording.begin(10)
  expect(await isWaiting(whole, () => edge.get(address))).toBe(true)
  recording.segment()
  expect((await whole).text).toContain('/2.m4s\n')
  expect(await isWaiting(past, () => edge.get(address))).toBe(true)
  recording.begin(1)
  expect(statusAndHint(await past)).toEqual([200, '3.1.m4s'])
})

test('what makes no sense or is too far ahead is refused, what is old is answered', async () => {
  const { edge, address } = await streaming()
  const queries = ['_HLS_part=0', '_HLS_msn=x', '_HLS_msn=4', '_HLS_msn=2&_HLS_part=11', '_HLS_msn=0&_HLS_part=3']
  const answers = []
  for (const query of queries) answers.push((await edge.get(`${address}?${query}`)).status)
  expect(answers).toEqual([400, 400, 400, 400, 200])
})

test('a hinted part waits and is sent whole the moment it is there; one that is not hinted is 404 at once', async () => {
  const { edge, recording, media, first } = await streaming()
  const hinted = edge.get(`${media}/2.0.m4s`)
  expect((await edge.get(`${media}/2.1.m4s`)).status).toBe(404)
  expect((await edge.get(`${media}/3.0.m4s`)).status).toBe(404)
  const [bytes] = recording.begin(1)
  expect(await hinted).toMatchObject({ status: 200, body: Buffer.from(bytes ?? []) })
  expect((await hinted).headers).toMatchObject({ 'content-type': 'video/mp4', 'cache-control': 'public, max-age=60' })
  const parts = await Promise.all(first.parts.map((_, p) => edge.get(`${media}/0.${p}.m4s`)))
  expect(Buffer.concat(parts.map(({ body }) => body))).toEqual(first.bytes)
})

test('parts of a segment that has left memory are cut out of its file', async () => {
  const { edge, recording, media, first } = await streaming()
  for (let more = 0; more < 6; more++) recording.segment()
  await recording.writer.settled()
  const parts = await Promise.all(first.parts.map((_, p) => edge.get(`${media}/0.${p}.m4s`)))
  expect(Buffer.concat(parts.map(({ body }) => body))).toEqual(first.bytes)
  const range = await edge.get(`${media}/0.1.m4s`, { range: 'bytes=4-7' })
  expect(range).toMatchObject({ status: 206, text: 'moof' })
  expect((await edge.get(`${media}/0.10.m4s`)).status).toBe(404)
})

test('a hint that turns out wrong is 404 as soon as that is known', async () => {
  const { edge, recording, media, live, meeting } = await streaming()
  const next = edge.get(`${media}/2.0.m4s`)
  recording.event({ type: 'span-end', span: recording.span, durationMs: 8000, cause: 'gate-shut' })
  live.tellMeeting(meeting, 'paused')
  expect((await next).status).toBe(404)
})

test('a delta update skips what is old and equals the full playlist, compressed or not', async () => {
  const { edge, address, recording } = await streaming()
  for (let more = 0; more < 10; more++) recording.segment()
  await until('all are listed', async () => (await edge.get(address)).text.includes('/11.m4s'))
  const full = await edge.get(address)
  const delta = await edge.get(`${address}?_HLS_skip=YES`)
  const zipped = await edge.get(`${address}?_HLS_skip=v2`, { 'accept-encoding': 'gzip' })
  expect(gunzipSync(zipped.body).toString()).toBe(delta.text)
  expect(gunzipSync((await edge.get(address, { 'accept-encoding': 'gzip' })).body).toString()).toBe(full.text)
  const [one, all] = [parsePlaylist(delta.text), parsePlaylist(full.text)]
  if (!one.ok || !all.ok || one.value.kind !== 'media' || all.value.kind !== 'media') throw new Error('unreadable')
  expect(one.value.skip?.segments).toBe(5)
  expect({ ...one.value, skip: null }).toEqual({ ...all.value, segments: all.value.segments.slice(5) })
})

/** Three target durations: whoever is answered earlier was answered by news. */
const longestMs = 12_000

test('who waits when a meeting becomes private is told 404, for playlists and parts', async () => {
  const { edge, address, media, press } = await streaming('press')
  const from = performance.now()
  const waiting = [edge.get(`${address}?_HLS_msn=2&_HLS_part=0`), edge.get(`${media}/2.0.m4s`)]
  await until('both wait', () => isWaiting(Promise.race(waiting), () => edge.get(address)))
  await press({ kind: 'end' })
  expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([404, 404])
  expect(performance.now() - from).toBeLessThan(longestMs)
})

test('who waits when a recording ends gets the finished playlist, and directives mean nothing from then on', async () => {
  const { edge, address, recording } = await streaming()
  const from = performance.now()
  const waiting = edge.get(`${address}?_HLS_msn=2&_HLS_part=0&_HLS_skip=YES`)
  await until('it waits', () => isWaiting(waiting, () => edge.get(address)))
  recording.event({ type: 'span-end', span: recording.span, durationMs: 8000, cause: 'meeting-ended' })
  recording.event({ type: 'ended', atMs: Date.now() })
  const { status, text } = await waiting
  expect([status, text.endsWith('#EXT-X-ENDLIST\n')]).toEqual([200, true])
  const after = await edge.get(`${address}?_HLS_msn=90&_HLS_part=0&_HLS_skip=YES`)
  expect([after.status, after.text]).toEqual([200, text])
  expect(performance.now() - from).toBeLessThan(longestMs)
})

test('a reload that nothing comes for is given up after three target durations', async () => {
  const { edge, address } = await streaming()
  const from = performance.now()
  const { status, headers } = await edge.get(`${address}?_HLS_msn=2&_HLS_part=0`)
  const tookMs = performance.now() - from
  expect([status, headers['retry-after']]).toEqual([503, '1'])
  expect(Math.round(tookMs / 1000)).toBe(12)
})
