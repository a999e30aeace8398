import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { startEdge } from '#tests/support/edge-process.ts'
import { startScriptedLive } from '#tests/support/scripted-live.ts'
import { seeded } from '#tests/support/seeded.ts'
import { until } from '#tests/support/until.ts'
import { openEvening } from './evening.ts'

async function streaming() {
  const evening = await openEvening()
  await evening.start()
  evening.live.tellMeeting(evening.meeting, 'live')
  const recording = await evening.live.record(evening.meeting)
  recording.segment()
  recording.segment()
  await recording.writer.settled()
  const address = `/live/${evening.meeting.slug}/source.m3u8`
  const playlist = await until('two segments are listed', async () => {
    const { text } = await evening.edge.get(address)
    return text.includes('/1.m4s') ? text : null
  })
  return { ...evening, recording, address, playlist }
}

test('when live dies, playlists stand still and media goes on; a new edge reads the same from the spool', async () => {
  const { edge, live, address, playlist, dataDir, meeting, recording } = await streaming()
  await live.close()
  await until('the edge has noticed', async () => (await edge.get('/health')).text.includes('"live":"down"'))
  expect((await edge.get(address)).text).toBe(playlist)
  expect((await edge.get(`/media/${meeting.recording}/${recording.span}/source/0.m4s`)).status).toBe(200)
  await edge.stop()
  const next = await startEdge(dataDir)
  expect((await next.get(address)).text).toBe(playlist)
  expect((await next.get(`/media/${meeting.recording}/${recording.span}/source/0.m4s`)).status).toBe(200)
})

test('a live process that comes back, or babbles, is followed again by itself', async () => {
  const { edge, live, dataDir, spoolDir, meeting } = await streaming()
  live.babble()
  await live.close()
  const again = await startScriptedLive(dataDir, spoolDir)
  const recording = await again.record(meeting)
  recording.segment()
  await until('the new span is listed', async () =>
    (await edge.get(`/live/${meeting.slug}/source.m3u8`)).text.includes(recording.span),
  )
  expect((await edge.get('/health')).text).toContain('"live":"up"')
  await again.close()
})

test('a restarted live that goes on with a recording only later is joined to what the spool has', async () => {
  const { edge, live, dataDir, spoolDir, meeting, address, recording: first } = await streaming()
  await live.close()
  const again = await startScriptedLive(dataDir, spoolDir)
  await until('live is followed', async () => (await edge.get('/health')).text.includes('"live":"up"'))
  const second = await again.record(meeting)
  second.segment()
  const text = await until('the new span is listed', async () => {
    const playlist = await edge.get(address)
    return playlist.text.includes(second.span) ? playlist.text : null
  })
  const listed = text.split('\n').filter((line) => line.endsWith('.m4s'))
  const path = (span: string, n: number) => `/media/${meeting.recording}/${span}/source/${n}.m4s`
  expect(listed).toEqual([path(first.span, 0), path(first.span, 1), path(second.span, 64)])
  await again.close()
})

test('malformed requests, seeded, are answered or closed and the edge goes on', async () => {
  const { edge, address } = await streaming()
  const random = seeded(31)
  const pieces = [
    'GET ',
    address,
    ' HTTP/1.1\r\n',
    'Host: x\r\n',
    'Range: bytes=5-1\r\n',
    '\r\n',
    '\0',
    'POST ',
    '%00',
    ' ',
  ]
  const heads = [
    ...pieces,
    'Content-Length: -1\r\n',
    'Transfer-Encoding: chunked\r\n\r\nzz\r\n',
    `X: ${'y'.repeat(20_000)}\r\n`,
  ]
  const converse = (text: string) =>
    new Promise<void>((done) => {
      const socket = connect(edge.port, '127.0.0.1', () => socket.end(text))
      socket.setTimeout(2000, () => socket.destroy())
      socket.on('error', () => undefined).on('close', () => done())
      socket.resume()
    })
  for (let round = 0; round < 300; round += 10) {
    const texts = Array.from({ length: 10 }, () =>
      Array.from({ length: 1 + random.below(8) }, () => heads[random.below(heads.length)] ?? '').join(''),
    )
    await Promise.all(texts.map(converse))
  }
  expect((await edge.get(address)).status).toBe(200)
  expect(edge.child.exitCode).toBeNull()
})

test('readers that read nothing keep nobody else waiting', async () => {
  const { edge, meeting, recording } = await streaming()
  for (let more = 0; more < 6; more++) recording.segment()
  await recording.writer.settled()
  const sockets = Array.from({ length: 50 }, () => {
    const socket = connect(edge.port, '127.0.0.1')
    socket.on('error', () => undefined)
    const ask = `GET /media/${meeting.recording}/${recording.span}/source/0.m4s HTTP/1.1\r\nHost: x\r\n\r\n`
    socket.write(ask.repeat(20))
    return socket.pause()
  })
  expect((await edge.get(`/live/${meeting.slug}/index.m3u8`)).status).toBe(200)
  for (const socket of sockets) socket.destroy()
})
