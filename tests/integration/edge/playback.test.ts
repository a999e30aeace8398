import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { parsePlaylist } from '#archive/hls/playlist-parser.ts'
import { initBytes } from '#tests/support/scripted-live.ts'
import { until } from '#tests/support/until.ts'
import { openEvening } from './evening.ts'

async function streaming(settings: Record<string, string> = {}) {
  const evening = await openEvening({ settings })
  await evening.start()
  evening.live.tellMeeting(evening.meeting, 'live')
  const recording = await evening.live.record(evening.meeting)
  const segments = [recording.segment(), recording.segment()]
  const { edge, meeting } = evening
  const listed = async (count: number) => {
    const playlist = await edge.get(`/live/${meeting.slug}/source.m3u8`)
    return playlist.status === 200 && playlist.text.split('#EXTINF').length === count + 1 ? playlist : null
  }
  const playlist = await until('two segments are listed', () => listed(2))
  return { ...evening, recording, segments, playlist, listed }
}

test('a live meeting is played from its first address down to the bytes', async () => {
  const { edge, meeting, recording, segments, playlist, listed } = await streaming()
  const multivariant = await edge.get(`/live/${meeting.slug}/index.m3u8`)
  expect(multivariant).toMatchObject({
    status: 200,
    headers: {
      'content-type': 'application/vnd.apple.mpegurl',
      'cache-control': 'max-age=1',
      'access-control-allow-origin': '*',
      'x-content-type-options': 'nosniff',
    },
  })
  expect(multivariant.text).toContain('URI="audio.m3u8"')
  const read = parsePlaylist(playlist.text)
  const [first] = read.ok && read.value.kind === 'media' ? read.value.segments : []
  const bytes = await edge.get(first?.uri ?? '')
  expect(bytes).toMatchObject({
    status: 200,
    headers: {
      'content-type': 'video/mp4',
      'cache-control': 'public, max-age=60',
      'accept-ranges': 'bytes',
      'access-control-allow-origin': '*',
    },
  })
  expect(bytes.body).toEqual(segments[0]?.bytes)
  expect((await edge.get(first?.map?.uri ?? '')).body).toEqual(initBytes)
  expect((await edge.get((first?.uri ?? '').replace('/source/', '/audio/'))).headers['content-type']).toBe('audio/mp4')
  recording.segment()
  await until('the third segment is listed', () => listed(3))
})

test('playlists are compressed, and unchanged ones are not sent again', async () => {
  const { edge, meeting, playlist, recording, listed } = await streaming()
  const address = `/live/${meeting.slug}/source.m3u8`
  const zipped = await edge.get(address, { 'accept-encoding': 'gzip, br' })
  expect(zipped.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' })
  expect(gunzipSync(zipped.body).toString()).toBe(playlist.text)
  const etag = zipped.headers.etag ?? ''
  expect(etag).toBe(playlist.headers.etag)
  expect(await edge.get(address, { 'if-none-match': etag })).toMatchObject({ status: 304, text: '' })
  recording.segment()
  await until('the third segment is listed', () => listed(3))
  expect((await edge.get(address, { 'if-none-match': etag })).status).toBe(200)
})

test('media answers ranges, conditions and HEAD from memory and from disk alike', async () => {
  const { edge, meeting, recording, segments } = await streaming()
  for (let more = 0; more < 5; more++) recording.segment()
  await recording.writer.settled()
  const { slug } = meeting
  await until('six segments are listed', async () =>
    (await edge.get(`/live/${slug}/source.m3u8`)).text.includes('/6.m4s'),
  )
  const base = `/media/${meeting.recording}/${recording.span}/source`
  const bytes = segments[0]?.bytes ?? Buffer.alloc(0)
  // Number 6 is the newest; number 0 has left memory.
  for (const n of [6, 0]) {
    const address = `${base}/${n}.m4s`
    const whole = await edge.get(address)
    expect([whole.status, whole.body.length]).toEqual([200, bytes.length])
    const range = await edge.get(address, { range: 'bytes=4-7' })
    expect(range).toMatchObject({
      status: 206,
      text: 'moof',
      headers: { 'content-range': `bytes 4-7/${bytes.length}` },
    })
    expect(await edge.get(address, { range: 'bytes=-5' })).toMatchObject({ status: 206, body: whole.body.subarray(-5) })
    expect(await edge.get(address, { range: `bytes=${bytes.length}-` })).toMatchObject({
      status: 416,
      headers: { 'content-range': `bytes */${bytes.length}` },
    })
    const etag = whole.headers.etag ?? ''
    expect(await edge.get(address, { 'if-none-match': etag })).toMatchObject({ status: 304, text: '' })
    expect((await edge.get(address, { range: 'bytes=4-7', 'if-range': '"other"' })).status).toBe(200)
    expect(await edge.get(address, {}, 'HEAD')).toMatchObject({
      status: 200,
      text: '',
      headers: { 'content-length': String(bytes.length), etag },
    })
  }
  expect((await edge.get(`${base}/7.m4s`)).status).toBe(404)
  expect(await edge.get(`${base}/0.m4s`, {}, 'OPTIONS')).toMatchObject({
    status: 204,
    headers: { 'access-control-allow-headers': 'range, if-none-match' },
  })
  expect((await edge.get(`${base}/0.m4s`, {}, 'DELETE')).status).toBe(405)
})

test('the replay is playable as soon as the meeting has ended, and immutable from the settled time on', async () => {
  const { edge, meeting, recording, press, live } = await streaming({ HEMICYCLE_CACHE_AFTER_S: '0' })
  const replay = `/media/${meeting.recording}/index.m3u8`
  expect((await edge.get(replay)).status).toBe(404)
  recording.event({ type: 'span-end', span: recording.span, durationMs: 8000, cause: 'meeting-ended' })
  recording.event({ type: 'ended', atMs: Date.now() })
  live.tellMeeting(meeting, 'ended', 'none')
  await press({ kind: 'end' })
  const multivariant = await until('the replay is there', async () => {
    const answer = await edge.get(replay)
    return answer.status === 200 ? answer : null
  })
  expect(multivariant.headers['cache-control']).toBe('no-cache')
  const source = await edge.get(`/media/${meeting.recording}/source.m3u8`)
  expect(source.text).toContain('#EXT-X-PLAYLIST-TYPE:VOD')
  expect(source.text.trimEnd().endsWith('#EXT-X-ENDLIST')).toBe(true)
  const segment = await edge.get(`/media/${meeting.recording}/${recording.span}/source/1.m4s`)
  expect(segment.headers['cache-control']).toBe('public, max-age=31536000, immutable')
  expect((await edge.get(`/live/${meeting.slug}/source.m3u8`)).text).toContain('#EXT-X-ENDLIST')
})
