import { expect, test } from 'vitest'
import { type AgendaEntry, mostItems, numberedAgenda } from '#archive/domain/agenda.ts'

function entry(number: string | null, title = 'Titel'): AgendaEntry {
  return { number, title, public: true }
}

test('numbers are kept, their depth counted, and what has none gets the next main number', () => {
  const agenda = numberedAgenda([entry('1.'), entry('2'), entry('2.1'), entry(null), entry('A.1'), entry(null)])
  expect(agenda.ok && agenda.value.map(({ number, depth }) => `${number}/${depth}`)).toEqual([
    ...['1/0', '2/0', '2.1/1', '3/0', 'A.1/1', '4/0'],
  ])
})

test('a number that comes later in the file is not given away', () => {
  const agenda = numberedAgenda([entry(null), entry('1'), entry(null)])
  expect(agenda.ok && agenda.value.map(({ number }) => number)).toEqual(['2', '1', '3'])
})

test.each([
  ['twice the same number', [entry('1'), entry('1.')], 'Agenda item 2: the number 1 appears twice.'],
  ['no title', [entry('1', ' ')], 'Agenda item 1: number 1 has no title.'],
  ['no number', [entry('3..1')], 'Agenda item 1: "3..1" is not a number such as 7, 3.1 or 3a.'],
  ['a title too long', [entry('1', 'x'.repeat(1_001))], 'Agenda item 1: its title is longer than 1000 characters.'],
])('%s is refused', (_what, entries, message) => {
  expect(numberedAgenda(entries)).toMatchObject({ ok: false, code: 'AGENDA_INVALID', message })
})

test('too many items are refused', () => {
  expect(numberedAgenda(Array.from({ length: mostItems + 1 }, () => entry(null)))).toMatchObject({ ok: false })
})

test('a title loses superfluous white space', () => {
  const agenda = numberedAgenda([entry('1', '  Goedkeuring \n notulen ')])
  expect(agenda.ok && agenda.value[0]?.title).toBe('Goedkeuring notulen')
})
