import { expect, test } from 'vitest'
import { spokenText, spokenWords } from '#archive/transcripts/recognised-text.ts'

test.each([
  ['[Muziek]', ''],
  [' [Musique] ', ''],
  ['*schreit*', ''],
  ['♪ la la ♪', 'la la'],
  ['...', ''],
  ['De raad (applaus) stemt.', 'De raad stemt.'],
  ['Punt 7', 'Punt 7'],
])('%j is spoken as %j', (text, spoken) => {
  expect(spokenText(text)).toBe(spoken)
})

test('tokens are joined to words, a space beginning each', () => {
  const result = {
    text: 'De bibliotheek opent.',
    tokens: [' De', ' bibli', 'othe', 'ek', ' open', 't', '.'],
    timestamps: [0, 0.42, 0.78, 1, 1.28, 1.64, 1.7],
    durations: [0.14, 0.36, 0.22, 0.28, 0.36, 0.06, 0.9],
  }
  expect(spokenWords(result, 1000, 2000)).toEqual([
    { text: 'De', startMs: 1000, endMs: 1140 },
    { text: 'bibliotheek', startMs: 1420, endMs: 2280 },
    { text: 'opent.', startMs: 2280, endMs: 3000 },
  ])
})

test('where tokens and text differ the words share the time', () => {
  const result = {
    text: '[muziek] Ja zeker',
    tokens: [' [', 'muziek', ']', ' Ja', ' zeker'],
    timestamps: [],
    durations: [],
  }
  expect(spokenWords(result, 0, 900)).toEqual([
    { text: 'Ja', startMs: 0, endMs: 300 },
    { text: 'zeker', startMs: 300, endMs: 900 },
  ])
})
