import { expect, test } from 'vitest'
import { matchingKey } from '#archive/catalog/keys.ts'
import { roomDirectory } from '#archive/catalog/room-directory.ts'
import { done, eveningMs, openDesk, planEvening } from './desk.ts'

test('a key for a body makes its usual room, and the same room serves the next key', async () => {
  const { operations } = await openDesk()
  done(await operations.addBody({ name: 'Gemeenteraad' }))
  const first = done(await operations.addKey({ body: 'gemeenteraad' }))
  const second = done(await operations.addKey({ body: 'gemeenteraad' }))
  expect(first.key).toMatch(/^[0-9a-hjkmnp-tv-z]{32}$/)
  expect([first.room, second.room]).toEqual(['gemeenteraad', 'gemeenteraad'])
  expect(await operations.listBodies()).toMatchObject([
    { slug: 'gemeenteraad', kind: 'council', publishesOnEnd: true, room: 'gemeenteraad' },
  ])
})

test('a key is known by its hash alone, and no longer once it is revoked; live is told', async () => {
  const { operations, catalog, requests } = await openDesk()
  done(await operations.addRoom({ name: 'Raadzaal' }))
  const { id, key } = done(await operations.addKey({ room: 'raadzaal' }))
  const keys = async () => (await catalog.read((db) => roomDirectory(db, eveningMs))).rooms.flatMap((room) => room.keys)
  expect(matchingKey(key, await keys())).toMatchObject({ id })
  expect(matchingKey(`${key}x`, await keys())).toBeNull()
  expect(JSON.stringify([await keys(), await operations.listKeys()])).not.toContain(key)
  expect(done(await operations.revokeKey(id))).toEqual({ id, live: 'confirmed' })
  expect(await keys()).toEqual([])
  expect(requests.at(-1)).toMatchObject({ type: 'key-revoked', key: id })
  expect(await operations.listKeys()).toEqual([
    { id, room: 'raadzaal', createdAt: '2026-11-23T18:30:00.000Z', revokedAt: '2026-11-23T18:30:00.000Z' },
  ])
})

test('a key can be revoked while live is away', async () => {
  const { operations } = await openDesk({ live: null })
  done(await operations.addRoom({ name: 'Raadzaal' }))
  const { id } = done(await operations.addKey({ room: 'raadzaal' }))
  expect(done(await operations.revokeKey(id))).toEqual({ id, live: 'unreachable' })
})

test('a press office publishes by hand unless it is set otherwise', async () => {
  const { operations } = await openDesk()
  done(await operations.addBody({ name: 'Persdienst', kind: 'press' }))
  done(await operations.addBody({ name: 'Persdienst', kind: 'press', publishesOnEnd: true }))
  expect((await operations.listBodies()).map(({ slug, publishesOnEnd }) => [slug, publishesOnEnd]).sort()).toEqual([
    ['persdienst', false],
    ['persdienst-2', true],
  ])
})

test('what cannot be set up is refused with a code', async () => {
  const { operations } = await openDesk()
  done(await operations.addBody({ name: 'Raad', slug: 'raad' }))
  const refusals = [
    await operations.addBody({ name: ' ' }),
    await operations.addBody({ name: 'Raad', slug: 'raad' }),
    await operations.addBody({ name: 'Raad', slug: 'De Raad' }),
    await operations.addBody({ name: 'Raad', room: 'nergens' }),
    await operations.addKey({ room: 'nergens' }),
    await operations.addKey({ body: 'niemand' }),
    await operations.revokeKey('nonsense'),
  ]
  expect(refusals.map((outcome) => !outcome.ok && outcome.code)).toEqual([
    ...['USAGE', 'SLUG_TAKEN', 'SLUG_INVALID', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'KEY_UNKNOWN'],
  ])
})

test('a meeting is planned with its address, its date and its agenda', async () => {
  const desk = await openDesk()
  const added = await planEvening(desk)
  expect(added).toMatchObject({
    slug: '2026-11-23-gemeenteraad',
    url: 'https://raad.example/meetings/2026-11-23-gemeenteraad',
    agenda: [
      { number: '1', title: 'Notulen' },
      { number: '2', title: 'Mobiliteitsplan' },
      { number: '3', title: 'Varia' },
    ],
  })
  const again = done(
    await desk.operations.addMeeting({ body: 'gemeenteraad', title: 'Gemeenteraad', at: '2026-11-23T21:00' }),
  )
  expect(again.slug).toBe('2026-11-23-gemeenteraad-2')
  expect(desk.requests.at(-1)).toMatchObject({ type: 'directory-changed' })
})

test('a meeting that cannot be planned is refused with a code', async () => {
  const desk = await openDesk()
  await planEvening(desk)
  const base = { body: 'gemeenteraad', title: 'Raad', at: '2026-11-24T19:30' }
  const refusals = [
    await desk.operations.addMeeting({ ...base, body: 'niemand' }),
    await desk.operations.addMeeting({ ...base, room: 'nergens' }),
    await desk.operations.addMeeting({ ...base, at: 'morgen' }),
    await desk.operations.addMeeting({ ...base, timeZone: 'Europe/Ghent' }),
    await desk.operations.addMeeting({ ...base, slug: '2026-11-23-gemeenteraad' }),
    await desk.operations.addMeeting({ ...base, agenda: [{ number: '1', title: '', public: true }] }),
  ]
  expect(refusals.map((outcome) => !outcome.ok && outcome.code)).toEqual([
    ...['NOT_FOUND', 'NOT_FOUND', 'TIME_INVALID', 'TIME_INVALID', 'SLUG_TAKEN', 'AGENDA_INVALID'],
  ])
})

test('lists are by what is open, to come and past', async () => {
  const desk = await openDesk()
  const { slug } = await planEvening(desk)
  const { operations } = desk
  done(await operations.addMeeting({ body: 'gemeenteraad', title: 'December', at: '2026-12-21T19:30' }))
  done(await operations.addMeeting({ body: 'gemeenteraad', title: 'Vergeten', at: '2026-10-05T19:30' }))
  done(await operations.command(slug, 'start'))
  const slugs = async (when: 'open' | 'upcoming' | 'past') =>
    (await operations.listMeetings({ when })).map((m) => m.slug)
  expect([await slugs('open'), await slugs('upcoming'), await slugs('past')]).toEqual([
    [slug],
    ['2026-12-21-december'],
    [],
  ])
  done(await operations.command(slug, 'end'))
  expect([await slugs('open'), await slugs('past')]).toEqual([[], [slug]])
  expect(await operations.listMeetings({ body: 'niemand' })).toEqual([])
})
