import { describe, expect, test } from 'vitest'
import { cleanQuery, highlight, longestQuery } from '../../../site/src/model/highlight.ts'
import { cueAt, passages } from '../../../site/src/model/passages.ts'
import { fill, plural } from '../../../site/src/model/phrase.ts'
import { searchGroups } from '../../../site/src/model/search-groups.ts'
import { pageData } from '../../../site/src/server/page-data.ts'

const marked = (text: string, query: string) =>
  highlight(text, query)
    .map((piece) => (piece.isMatch ? `[${piece.text}]` : piece.text))
    .join('')

describe('highlighting', () => {
  test('marks words that begin with a word of the query, whatever their case and accents', () => {
    expect(marked('De école in de Schoolstraat', 'ecole school')).toBe('De [école] in de [Schoolstraat]')
  })

  test('leaves words alone that only contain it', () => {
    expect(marked('Basisschool en school', 'school')).toBe('Basisschool en [school]')
  })

  test('an empty query marks nothing', () => {
    expect(highlight('Notulen', '')).toEqual([{ text: 'Notulen', isMatch: false }])
  })

  test('a query is trimmed, its spaces collapsed and its length bounded', () => {
    expect(cleanQuery('  zone \n 30 ')).toBe('zone 30')
    expect(cleanQuery('a'.repeat(500))).toHaveLength(longestQuery)
    expect(cleanQuery(null)).toBe('')
  })
})

describe('results by meeting', () => {
  const hit = (meeting: string, kind: 'meeting' | 'item' | 'cue', text: string) => {
    return { meeting, title: `Title of ${meeting}`, text, kind, startSeconds: 1, url: `/meetings/${meeting}` }
  }

  test('keep the order of the best result and of results within a meeting', () => {
    const groups = searchGroups([hit('b', 'item', 'one'), hit('a', 'meeting', 'two'), hit('b', 'cue', 'three')])
    expect(
      groups.map(({ meeting, titleMatches, hits }) => [meeting, titleMatches, hits.map(({ text }) => text)]),
    ).toEqual([
      ['b', false, ['one', 'three']],
      ['a', true, []],
    ])
  })
})

describe('the transcript', () => {
  const cue = (startSeconds: number, endSeconds: number, text = 'Woorden.') => ({ startSeconds, endSeconds, text })

  test('begins a paragraph after a silence', () => {
    const found = passages([cue(0, 2), cue(2.5, 4), cue(7, 8)])
    expect(found.map(({ startSeconds, cues }) => [startSeconds, cues.length])).toEqual([
      [0, 2],
      [7, 1],
    ])
  })

  test('begins a paragraph at the end of a sentence when one has become long', () => {
    const long = 'woord '.repeat(80)
    expect(passages([cue(0, 1, long), cue(1, 2, 'einde.'), cue(2, 3)])).toHaveLength(2)
  })

  test.each([
    [-1, -1],
    [0, 0],
    [2.4, 0],
    [2.5, 1],
    [100, 2],
  ])('at %s seconds cue %s was the last to begin', (seconds, index) => {
    expect(cueAt([cue(0, 2), cue(2.5, 4), cue(7, 8)], seconds)).toBe(index)
  })
})

describe('sentences', () => {
  test('take values into their places and leave unknown places visible', () => {
    expect(fill('{date} om {time} {x}', { date: '1 mei', time: '19:30' })).toBe('1 mei om 19:30 {x}')
  })

  test.each([
    ['nl', 1, 'one 1'],
    ['nl', 0, 'other 0'],
    ['fr', 0, 'one 0'],
    ['en', 2, 'other 2'],
  ] as const)('follow the plural rule of %s for %s', (language, count, expected) => {
    expect(plural(count, language, { one: 'one {count}', other: 'other {count}' })).toBe(expected)
  })
})

test('the facts in the page cannot end their script element', () => {
  const data = { view: { title: '</script><script>alert(1)</script>' } } as unknown as Parameters<typeof pageData>[0]
  expect(pageData(data)).not.toContain('<')
  expect(JSON.parse(pageData(data))).toEqual(data)
})
