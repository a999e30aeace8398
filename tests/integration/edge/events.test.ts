import { expect, test } from 'vitest'
import { readEvents } from '#tests/support/event-reader.ts'
import { until } from '#tests/support/until.ts'
import { openEvening } from './evening.ts'

test('a page is told of every change of its meeting, from the announcement to the replay', async () => {
  const { edge, live, meeting, start, press } = await openEvening()
  const events = await readEvents(edge.port, `/live/${meeting.slug}/events`)
  expect(events.response).toMatchObject({ statusCode: 200, headers: { 'content-type': 'text/event-stream' } })
  const said = (what: object) =>
    until(`${JSON.stringify(what)} is said`, () =>
      events.messages.find((message) => expect.objectContaining(what).asymmetricMatch(message)),
    )
  expect(await said({ state: 'scheduled' })).toEqual({
    state: 'scheduled',
    interrupted: false,
    revision: 1,
    currentItemId: null,
    hls: null,
  })
  live.tellMeeting(meeting, 'live')
  await said({ state: 'live', hls: null, revision: 1 })
  await start()
  const recording = await live.record(meeting)
  await said({ state: 'live', interrupted: false, revision: 2 })
  recording.segment()
  await said({ state: 'live', hls: `/live/${meeting.slug}/index.m3u8` })
  live.tellMeeting(meeting, 'live', 'interrupted')
  await said({ state: 'live', interrupted: true })
  await press({ kind: 'pause', resumesAtMs: null })
  live.tellMeeting(meeting, 'paused')
  await said({ state: 'paused', interrupted: false })
  await press({ kind: 'end' })
  live.tellMeeting(meeting, 'ended', 'none')
  await said({ state: 'published', hls: `/media/${meeting.recording}/index.m3u8` })
  events.close()
})

test('when live has gone, a live meeting is interrupted until live is back', async () => {
  const { edge, live, meeting, start } = await openEvening()
  await start()
  live.tellMeeting(meeting, 'live')
  const events = await readEvents(edge.port, `/live/${meeting.slug}/events`)
  const last = () => events.messages.at(-1)
  await until('it is live', () => expect.objectContaining({ interrupted: false }).asymmetricMatch(last()))
  await live.close()
  await until('something else is said', () => !expect.objectContaining({ interrupted: false }).asymmetricMatch(last()))
  expect(last()).toMatchObject({ state: 'live', interrupted: true })
  events.close()
})

test('nobody is told of a meeting that does not exist', async () => {
  const { edge } = await openEvening()
  expect((await edge.get('/live/no-such-meeting/events')).status).toBe(404)
})

test('SIGTERM ends open event streams and the process, cleanly', async () => {
  const { edge, meeting } = await openEvening()
  const events = await readEvents(edge.port, `/live/${meeting.slug}/events`)
  expect(await edge.stop()).toBe(0)
  await until('the stream has ended', () => events.isEnded)
})
