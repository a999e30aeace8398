import { expect, test } from 'vitest'
import { until } from '#tests/support/until.ts'
import { type Evening, openEvening } from './evening.ts'

/** Status of every kind of address of the meeting: live, live media, replay, replay media, segment, init. */
async function statuses({ edge, meeting }: Evening, span: string): Promise<number[]> {
  const { slug, recording } = meeting
  const addresses = [
    `/live/${slug}/index.m3u8`,
    `/live/${slug}/source.m3u8`,
    `/media/${recording}/index.m3u8`,
    `/media/${recording}/source.m3u8`,
    `/media/${recording}/${span}/source/0.m4s`,
    `/media/${recording}/${span}/source/init.mp4`,
  ]
  const all: number[] = []
  for (const address of addresses) all.push((await edge.get(address)).status)
  return all
}

const expected = {
  waiting: [404, 404, 404, 404, 404, 404],
  live: [200, 200, 404, 404, 200, 200],
  paused: [200, 200, 404, 404, 200, 200],
  closed: [200, 200, 404, 404, 200, 200],
  ended: [404, 404, 404, 404, 404, 404],
  published: [200, 200, 200, 200, 200, 200],
  withdrawn: [404, 404, 410, 410, 410, 410],
}

test('every kind of address obeys the state of its meeting, at once, in both directions', async () => {
  const evening = await openEvening({ kind: 'press' })
  const recording = await evening.live.record(evening.meeting)
  recording.segment()
  await recording.writer.settled()
  const become = async (state: keyof typeof expected) => {
    let seen: number[] = []
    await until(
      `the addresses are those of a meeting that is ${state}`,
      async () => {
        seen = await statuses(evening, recording.span)
        return String(seen) === String(expected[state])
      },
      2000,
    ).catch(() => undefined)
    expect({ state, seen }).toEqual({ state, seen: expected[state] })
  }
  await become('waiting')
  await evening.press({ kind: 'wait' })
  await become('waiting')
  await evening.start()
  await become('live')
  await evening.press({ kind: 'pause', resumesAtMs: null })
  await become('paused')
  await evening.press({ kind: 'resume' })
  await evening.press({ kind: 'closed' })
  await become('closed')
  await evening.press({ kind: 'end' })
  recording.event({ type: 'ended', atMs: Date.now() })
  await become('ended')
  await evening.press({ kind: 'publish' })
  await become('published')
  await evening.press({ kind: 'unpublish' })
  await become('ended')
  await evening.press({ kind: 'publish' })
  await become('published')
  await evening.withdraw()
  await become('withdrawn')
})

test('a recording that live announces is public before the catalogue knows it, for a listed meeting alone', async () => {
  const { live, meeting, edge } = await openEvening()
  const recording = await live.record(meeting)
  recording.segment()
  live.tellMeeting(meeting, 'live')
  await until('the stream is playable', async () => (await edge.get(`/live/${meeting.slug}/index.m3u8`)).status === 200)
  const unlisted = { ...meeting, slug: 'a-draft-of-nobody' }
  live.tellMeeting(unlisted, 'live')
  live.tellMeeting(meeting, 'waiting')
  await until('the stream is gone', async () => (await edge.get(`/live/${meeting.slug}/index.m3u8`)).status === 404)
  expect((await edge.get(`/live/${unlisted.slug}/index.m3u8`)).status).toBe(404)
})

const tricks = [
  '/media/',
  '/media/../catalogue.sqlite',
  '/media/%2e%2e/%2e%2e/catalogue.sqlite',
  '/media/..%2f..%2fcatalogue.sqlite',
  '/media//etc/passwd',
  '/media/REC/SPAN/source/../source/0.m4s',
  '/media/REC/SPAN/source/0.m4s%00',
  '/media/REC/SPAN/source/0.m4s/',
  '/media/REC/SPAN/source/00.m4s',
  '/media/REC/SPAN/source/-1.m4s',
  '/media/REC/SPAN/source/1e0.m4s',
  '/media/REC/SPAN/source/0.m4s.open',
  '/media/REC/SPAN/source/99999999999999999999.m4s',
  '/media/REC/SPAN/%73ource/0.m4s',
  '/media/REC/journal.jsonl',
  '/media/REC/manifest.json',
  '/live/SLUG/journal.jsonl',
  '/live/../health',
  '/live/SLUG/../SLUG/index.m3u8',
  '/live/SLUG\\index.m3u8',
]

test('no trick with a path leads anywhere', async () => {
  const evening = await openEvening()
  const { edge, meeting } = evening
  await evening.start()
  const recording = await evening.live.record(meeting)
  recording.segment()
  await until('the stream is playable', async () => (await statuses(evening, recording.span))[0] === 200)
  const answers: (readonly [string, number])[] = []
  for (const pattern of tricks) {
    const path = pattern.replaceAll('REC', meeting.recording).replaceAll('SPAN', recording.span)
    answers.push([pattern, (await edge.get(path.replaceAll('SLUG', meeting.slug))).status])
  }
  expect(answers).toEqual(tricks.map((pattern) => [pattern, 404]))
})
