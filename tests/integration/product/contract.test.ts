import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MeetingView } from '#archive/domain/meeting-view.ts'
import type { CommandEnd, RunningProduct } from '#tests/support/product.ts'
import { textFile, untilState } from '#tests/support/sitting.ts'
import { Stage } from '#tests/support/stage.ts'
import { until } from '#tests/support/until.ts'

const stage = new Stage()
let product: RunningProduct
let key = { id: '', key: '' }
let slug = ''

const anId = expect.stringMatching(/^[0-9a-hjkmnp-tv-z]{26}$/)

beforeAll(async () => {
  product = await stage.product()
})
afterAll(() => stage.clear())

/** A command that fails with `--json`: its exit code, and the code of the error that it prints. */
async function refusal(...words: string[]): Promise<{ exitCode: number; code: string }> {
  const { exitCode, stdout } = await product.command(...words, '--json')
  const { error } = JSON.parse(stdout) as { error: { code: string; message: string; hint: string } }
  expect(error.message.length).toBeGreaterThan(0)
  expect(error.hint.length).toBeGreaterThan(0)
  return { exitCode, code: error.code }
}

describe('setting up, with --json', () => {
  it('body add prints its id and slug', async () => {
    const body = await product.hemicycle('body', 'add', '--name', 'Gemeenteraad')
    expect(body).toEqual({ id: anId, slug: 'gemeenteraad' })
  })

  it('key add makes the usual room where there is none, and shows a key of 160 bits this once', async () => {
    key = await product.hemicycle('key', 'add', '--body', 'gemeenteraad')
    expect(key).toEqual({
      id: anId,
      key: expect.stringMatching(/^[0-9a-hjkmnp-tv-z]{32}$/),
      room: 'gemeenteraad',
    })
    const listed = await product.command('key', 'list', '--json')
    expect(JSON.parse(listed.stdout)).toEqual([
      { id: key.id, room: 'gemeenteraad', createdAt: expect.stringMatching(/^\d{4}-.*Z$/), revokedAt: null },
    ])
    expect(listed.stdout).not.toContain(key.key)
  })

  it('room add and key add --room', async () => {
    expect(await product.hemicycle('room', 'add', '--name', 'Trouwzaal')).toMatchObject({ id: anId, slug: 'trouwzaal' })
    expect(await product.hemicycle('key', 'add', '--room', 'trouwzaal')).toMatchObject({ room: 'trouwzaal' })
  })

  it('meeting add reads plain numbered lines and prints id, slug, url and agenda', async () => {
    const agenda = textFile(product, 'agenda.txt', '1 Opening\n2 Mobiliteitsplan\n2.1 Fietspaden\n')
    const at = new Date().toISOString()
    const words = ['--body', 'gemeenteraad', '--title', 'Zitting', '--at', at, '--agenda', agenda]
    const meeting = await product.hemicycle<{ slug: string }>('meeting', 'add', ...words)
    slug = meeting.slug
    expect(meeting).toEqual({
      id: anId,
      slug,
      url: `${product.site}/meetings/${slug}`,
      agenda: [
        { id: anId, number: '1', title: 'Opening' },
        { id: anId, number: '2', title: 'Mobiliteitsplan' },
        { id: anId, number: '2.1', title: 'Fietspaden' },
      ],
    })
  })

  it('meeting add reads CSV, and a time without an offset in the town’s zone', async () => {
    const agenda = textFile(product, 'agenda.csv', 'number,title\n1,"Budget, and taxes"\n')
    const words = ['--body', 'gemeenteraad', '--title', 'Zomertijd', '--at', '2027-03-28T20:00', '--agenda', agenda]
    const meeting = await product.hemicycle<{ slug: string; agenda: unknown[] }>('meeting', 'add', ...words)
    expect(meeting).toMatchObject({
      slug: '2027-03-28-zomertijd',
      agenda: [{ number: '1', title: 'Budget, and taxes' }],
    })
    const shown = await product.hemicycle('meeting', 'show', meeting.slug)
    expect(shown).toMatchObject({ plannedAt: '2027-03-28T20:00:00+02:00', localDate: '2027-03-28', state: 'scheduled' })
  })
})

describe('a meeting, with --json', () => {
  const command = (action: string) => product.hemicycle('meeting', action, slug)
  const answered = (state: string) => ({ slug, state, live: 'confirmed', catalogued: true })

  it('start, pause, resume, closed and resume each tell the state that live confirmed', async () => {
    stage.encoder(product, key.key)
    await untilState(product, slug, 'waiting')
    const answers: unknown[] = []
    for (const action of ['start', 'pause', 'resume', 'closed', 'resume']) answers.push(await command(action))
    expect(answers).toEqual(['live', 'paused', 'live', 'closed', 'live'].map(answered))
  })

  it('item marks the moment of the press, or one that many seconds before it', async () => {
    await until('media', async () => (await fetch(`${product.site}/live/${slug}/index.m3u8`)).status === 200, 20_000)
    const beforeMs = Date.now()
    expect(await product.hemicycle('meeting', 'item', slug, '2.1', '--ago', '2')).toEqual(answered('live'))
    const betweenMs = Date.now()
    await product.hemicycle('meeting', 'item', slug, '2')
    const { chapters, currentItemId, agenda } = await product.getJson<MeetingView>(`/api/v1/meetings/${slug}`)
    expect(chapters.map(({ number }) => number)).toEqual(['2.1', '2'])
    const [late = 0, prompt = 0] = chapters.map(({ startedAt }) => Date.parse(startedAt))
    expect(late).toBeGreaterThanOrEqual(beforeMs - 2_000)
    expect(late).toBeLessThanOrEqual(betweenMs - 2_000)
    expect(prompt).toBeGreaterThanOrEqual(betweenMs)
    expect(currentItemId).toBe(agenda.find(({ number }) => number === '2')?.id)
    expect(await refusal('meeting', 'item', slug, '9')).toEqual({ exitCode: 1, code: 'ITEM_UNKNOWN' })
  })

  it('show prints what the API answers, live and afterwards', async () => {
    const shape = { slug, title: 'Zitting', body: 'gemeenteraad' }
    const live = await product.getJson<MeetingView>(`/api/v1/meetings/${slug}`)
    expect(live).toMatchObject({ ...shape, state: 'live', live: { hls: `/live/${slug}/index.m3u8` }, replay: null })
    expect(await product.hemicycle('meeting', 'show', slug)).toEqual(live)

    expect(await command('end')).toEqual(answered('published'))
    const ended = await until('the last span is written down', async () => {
      const view = await product.getJson<MeetingView>(`/api/v1/meetings/${slug}`)
      return view.durationSeconds === null ? null : view
    })
    const replay = { hls: `/media/${ended.recording}/index.m3u8` }
    expect(ended).toMatchObject({ ...shape, state: 'published', live: null, replay })
    expect(ended.chapters).toEqual(
      ended.chapters.map(({ itemId, number, title, startSeconds, endSeconds, startedAt }) => {
        return { itemId, number, title, startSeconds, endSeconds, startedAt }
      }),
    )
    expect(ended.chapters[0]?.endSeconds).toBe(ended.chapters[1]?.startSeconds)
    expect(await product.hemicycle('meeting', 'show', slug)).toEqual(ended)
  })

  it('unpublish and publish', async () => {
    expect(await command('unpublish')).toEqual({ ...answered('ended'), live: 'not-needed' })
    expect(await command('publish')).toEqual({ ...answered('published'), live: 'not-needed' })
  })

  it('transcript import and show, the API’s transcript, and a search for a word of it', async () => {
    const file = textFile(product, 'captions.srt', '1\n00:00:01,000 --> 00:00:02,500\nde zonnebloemen\n')
    await product.hemicycle('transcript', 'import', slug, file, '--language', 'nl')
    const cues = [{ startSeconds: 1, endSeconds: 2.5, text: 'de zonnebloemen' }]
    const transcript = await product.getJson(`/api/v1/meetings/${slug}/transcript`)
    expect(transcript).toMatchObject({ language: 'nl', origin: 'imported', cues })
    expect(await product.hemicycle('transcript', 'show', slug)).toEqual(transcript)
    const hit = await until('it is found', async () => {
      const { results } = await product.getJson<{ results: unknown[] }>('/api/v1/search?q=zonnebloemen')
      return results[0]
    })
    expect(hit).toEqual({
      meeting: slug,
      title: 'Zitting',
      text: 'de zonnebloemen',
      kind: 'cue',
      startSeconds: 1,
      url: `${product.site}/meetings/${slug}?t=1`,
    })
  })

  it('key revoke, and health', async () => {
    expect(await product.hemicycle('key', 'revoke', key.id)).toEqual({ id: key.id, live: 'confirmed' })
    const health = await fetch(`${product.site}/health`)
    expect(health.status).toBe(200)
    expect(await health.json()).toEqual({ status: 'ok', live: 'up', site: 'up', catalogue: 'up' })
  })
})

describe('what cannot be done', () => {
  it('is told by exit codes and coded errors', async () => {
    expect(await refusal('meeting', 'show', 'no-such-meeting')).toEqual({ exitCode: 3, code: 'MEETING_NOT_FOUND' })
    expect(await refusal('meeting', 'start', slug)).toEqual({ exitCode: 1, code: 'MEETING_ENDED' })
    expect(await refusal('meeting', 'begin', slug)).toEqual({ exitCode: 2, code: 'USAGE' })
    expect(await refusal('body', 'add')).toEqual({ exitCode: 2, code: 'USAGE' })
    expect(await refusal('key', 'revoke', 'nonsense')).toEqual({ exitCode: 1, code: 'KEY_UNKNOWN' })
    const captions = textFile(product, 'broken.vtt', 'WEBVTT\n\n00:00:09.000 --> 00:00:01.000\nbackwards\n')
    expect(await refusal('transcript', 'import', slug, captions)).toEqual({ exitCode: 1, code: 'CAPTIONS_INVALID' })
  })

  it('is told to people on standard error, with what to do', async () => {
    const end = await product.command('meeting', 'show', 'no-such-meeting')
    expect(end).toEqual<CommandEnd>({
      exitCode: 3,
      stdout: '',
      stderr: expect.stringMatching(/^MEETING_NOT_FOUND: .+\n.+\n$/),
    })
  })

  it.each([[[]], [['meeting']], [['meeting', 'add']], [['start']]])(
    'help for %j is on standard output, with exit code 0',
    async (words) => {
      const end = await product.command(...words, '--help')
      expect(end).toMatchObject({ exitCode: 0, stderr: '' })
      expect(end.stdout).toContain('usage: hemicycle')
    },
  )
})
