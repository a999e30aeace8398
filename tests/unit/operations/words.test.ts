import { expect, test } from 'vitest'
import { listJobs } from '#archive/catalog/jobs.ts'
import { refuse } from '#archive/core/errors.ts'
import { done, openDesk, planEvening } from './desk.ts'

const cues = [
  { startMs: 0, endMs: 1_500, text: 'Goedenavond' },
  { startMs: 1_500, endMs: 4_250, text: 'Ik open de vergadering' },
]

test('an imported transcript replaces the one of its language, and shows before an automatic one', async () => {
  const desk = await openDesk()
  const { slug } = await planEvening(desk)
  const { operations } = desk
  done(await operations.command(slug, 'start'))
  done(await operations.importTranscript(slug, { language: 'nl', origin: 'automatic', cues: cues.slice(0, 1) }))
  done(await operations.importTranscript(slug, { language: 'fr', origin: 'imported', cues: cues.slice(0, 1) }))
  done(await operations.importTranscript(slug, { language: 'nl', origin: 'imported', cues: [] }))
  expect(done(await operations.importTranscript(slug, { language: 'nl', origin: 'imported', cues }))).toEqual({
    ...{ language: 'nl', origin: 'imported', reviewed: false, cues: 2 },
  })
  expect(done(await operations.showTranscript(slug))).toEqual({
    ...{ language: 'nl', origin: 'imported', reviewed: false },
    cues: [
      { startSeconds: 0, endSeconds: 1.5, text: 'Goedenavond' },
      { startSeconds: 1.5, endSeconds: 4.25, text: 'Ik open de vergadering' },
    ],
  })
  expect(done(await operations.showMeeting(slug)).transcripts).toEqual([
    { language: 'fr', origin: 'imported', reviewed: false },
    { language: 'nl', origin: 'automatic', reviewed: false },
    { language: 'nl', origin: 'imported', reviewed: false },
  ])
  expect(done(await operations.showTranscript(slug, { language: 'fr' })).language).toBe('fr')
  expect(await operations.showTranscript(slug, { language: 'de' })).toMatchObject({ ok: false, code: 'NOT_FOUND' })
  expect((await desk.catalog.read((db) => listJobs(db, ['waiting']))).map(({ kind }) => kind)).toEqual([
    'index-meeting',
  ])
})

test('the words of a recording that is not public are for the operator alone', async () => {
  const desk = await openDesk()
  const { slug } = await planEvening(desk)
  const { operations } = desk
  done(await operations.command(slug, 'start'))
  done(await operations.importTranscript(slug, { language: 'nl', origin: 'imported', cues }))
  done(await operations.command(slug, 'end'))
  done(await operations.command(slug, 'unpublish'))
  expect(await operations.showTranscript(slug)).toMatchObject({ ok: false, code: 'NOT_FOUND' })
  expect(done(await operations.showMeeting(slug)).transcripts).toEqual([])
  expect(done(await operations.showTranscript(slug, { audience: 'operator' })).cues.length).toBe(2)
})

test('a transcript needs a meeting and a language', async () => {
  const desk = await openDesk()
  const { slug } = await planEvening(desk)
  const transcript = { language: 'nl', origin: 'imported', cues } as const
  expect(await desk.operations.importTranscript('geen', transcript)).toMatchObject({ code: 'MEETING_NOT_FOUND' })
  expect(await desk.operations.importTranscript(slug, { ...transcript, language: 'x y' })).toMatchObject({
    code: 'USAGE',
  })
})

test('what is found is linked to the second', async () => {
  const found = {
    meeting: 'raad',
    title: 'Raad',
    text: 'Mobiliteitsplan',
    kind: 'item' as const,
    startSeconds: 61.5,
    score: 3,
  }
  const { operations } = await openDesk({ found: { ok: true, value: [found] } })
  const { score: _score, ...told } = found
  expect(await operations.search('mobiliteit')).toEqual({
    results: [{ ...told, url: 'https://raad.example/meetings/raad?t=61.5' }],
  })
})

test('without an index nothing is found; a damaged one is an error', async () => {
  const missing = await openDesk({ found: refuse('SEARCH_INDEX_MISSING') })
  expect(await missing.operations.search('x')).toEqual({ results: [] })
  const damaged = await openDesk({ found: refuse('SEARCH_INDEX_CORRUPT') })
  await expect(damaged.operations.search('x')).rejects.toMatchObject({ code: 'SEARCH_INDEX_CORRUPT' })
})
