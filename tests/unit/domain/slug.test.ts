import { expect, test } from 'vitest'
import { isSlug, meetingSlug, slugOf, uniqueSlug } from '#archive/domain/slug.ts'

test.each([
  ['Gemeenteraad', 'nl', 'gemeenteraad'],
  ["Raad voor 's-Hertogenbosch: begroting & reünie", 'nl', 'raad-voor-s-hertogenbosch-begroting-reunie'],
  ["Conseil communal de l'été (œuvres)", 'fr', 'conseil-communal-de-l-ete-oeuvres'],
  ['Gemeinderat: Straßen für Bürger', 'de', 'gemeinderat-strassen-fuer-buerger'],
  ['Gemeinderat: Straßen für Bürger', 'nl', 'gemeinderat-strassen-fur-burger'],
  ['Łódź – Øresund', 'en', 'lodz-oresund'],
  ['!!!', 'nl', ''],
])('"%s" in %s becomes "%s"', (title, language, slug) => {
  expect(slugOf(title, language)).toBe(slug)
})

test('a long title is cut between words', () => {
  expect(slugOf('Gemeenteraad over het ruimtelijk uitvoeringsplan van de stationsomgeving')).toBe(
    'gemeenteraad-over-het-ruimtelijk-uitvoeringsplan-van-de',
  )
  expect(slugOf('x'.repeat(90))).toBe('x'.repeat(60))
})

test("a meeting's slug begins with its date, and is the date alone where the title leaves nothing", () => {
  expect(meetingSlug('2026-11-22', 'Gemeenteraad')).toBe('2026-11-22-gemeenteraad')
  expect(meetingSlug('2026-11-22', '…')).toBe('2026-11-22')
})

test('a slug that is taken gets the first free suffix', () => {
  expect(uniqueSlug('raad', new Set())).toBe('raad')
  expect(uniqueSlug('raad', new Set(['raad', 'raad-2', 'raad-4']))).toBe('raad-3')
})

test.each([
  ['raad-2', true],
  ['2026-11-22-gemeenteraad', true],
  ['', false],
  ['-raad', false],
  ['Raad', false],
  ['a/b', false],
  ['x'.repeat(81), false],
])('isSlug("%s") is %s', (text, answer) => {
  expect(isSlug(text)).toBe(answer)
})
