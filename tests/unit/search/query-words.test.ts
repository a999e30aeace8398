import { expect, test } from 'vitest'
import { folded, matchExpression, queryWords } from '#archive/search/query-words.ts'

test.each([
  ['fiets pad', '"fiets" "pad"*'],
  ['  "Fiets" AND (pad*)  ', '"Fiets" "AND" "pad"*'],
  ["l'école", '"l" "école"*'],
  ['a', '"a"'],
  ['😀 "" * ^ :', ''],
  ['nr. 12/b', '"nr" "12" "b"'],
])('%j becomes %j', (q, expression) => {
  expect(matchExpression(queryWords(q))).toBe(expression)
})

test('finished words carry no star', () => {
  expect(matchExpression(queryWords('fiets pad'), true)).toBe('"fiets" "pad"')
})

test('a very long question keeps its first twelve words, and a very long word its beginning', () => {
  expect(queryWords('w '.repeat(5000))).toHaveLength(12)
  expect(queryWords('x'.repeat(10_000))).toEqual([{ text: 'x'.repeat(48), open: true }])
})

test('folding drops case and diacritics', () => {
  expect(folded('FINANCIËN Crèche')).toBe('financien creche')
})
