import { describe, expect, it } from 'vitest'
import { type AgendaLine, readAgenda } from '#archive/domain/agenda-file.ts'
import { seeded } from '#tests/support/seeded.ts'

function lines(text: string): readonly AgendaLine[] {
  const outcome = readAgenda(text)
  if (!outcome.ok) throw new Error(outcome.message)
  return outcome.value
}

describe('an agenda file', () => {
  it('is read from numbered lines, nested and lettered', () => {
    expect(lines('1. Goedkeuring verslag\n2) Vragen\n2.1 Fietspad\n3 - Begroting 2027\nA1: Welzijn\n')).toEqual([
      { number: '1', title: 'Goedkeuring verslag', public: true },
      { number: '2', title: 'Vragen', public: true },
      { number: '2.1', title: 'Fietspad', public: true },
      { number: '3', title: 'Begroting 2027', public: true },
      { number: 'A1', title: 'Welzijn', public: true },
    ])
  })

  it('is numbered by us where most lines carry no number', () => {
    expect(
      lines('Opening\n2 voorstellen van de oppositie\nRondvraag').map((item) => `${item.number} ${item.title}`),
    ).toEqual(['1 Opening', '2 2 voorstellen van de oppositie', '3 Rondvraag'])
  })

  it('marks what is treated in closed session and takes the marker off the title', () => {
    expect(lines('1. Personeel (besloten)\n2. Verslag')).toEqual([
      { number: '1', title: 'Personeel', public: false },
      { number: '2', title: 'Verslag', public: true },
    ])
  })

  it('passes over empty lines, comments and a byte order mark', () => {
    expect(lines('\uFEFF# agenda\n\n1. Een\r\n\r\n2. Twee\r\n')).toHaveLength(2)
  })

  it('is read from CSV with Dutch columns, semicolons and quotes', () => {
    expect(lines('nr;titel;openbaar\n1;"Straten; pleinen en ""parken""";ja\n2;Personeel;nee\n')).toEqual([
      { number: '1', title: 'Straten; pleinen en "parken"', public: true },
      { number: '2', title: 'Personeel', public: false },
    ])
  })

  it('is numbered in order where the CSV has no numbers', () => {
    expect(lines('title,public\nOpening,yes\nBudget,yes').map((item) => item.number)).toEqual(['1', '2'])
  })

  it.each([
    ['1. Een\nzonder nummer\n2. Twee', 'line 2: no item number'],
    ['1. Een\n2. Twee\n1. Drie', 'line 3: item number 1 stands already on line 1'],
    ['number,title\n1,Een\n2,\n', 'line 3: no title'],
    ['number,title\n1,"Een\ntwee"\n2,\n', 'line 4: no title'],
    [`1. ${'x'.repeat(1001)}`, 'line 1: a title of more than 1000 characters'],
  ])('is refused with the line at fault: %j', (text, problem) => {
    const outcome = readAgenda(text)
    expect(outcome.ok).toBe(false)
    expect(outcome.ok ? '' : `${outcome.code} ${outcome.message}`).toContain('AGENDA_INVALID')
    expect(outcome.ok ? '' : outcome.message).toContain(problem)
  })

  it('never throws, whatever the bytes (5,000 seeded texts)', () => {
    const random = seeded(20261122)
    const pieces = [
      '1',
      '.',
      ' ',
      '\n',
      '"',
      ';',
      ',',
      '\t',
      'titel',
      'nr',
      '(besloten)',
      '\r',
      '\u0000',
      '😀',
      '2.1',
      ')',
      '-',
      'é',
      '\uFEFF',
    ]
    for (let round = 0; round < 5_000; round += 1) {
      const text = Array.from({ length: random.below(40) }, () => pieces[random.below(pieces.length)]).join('')
      const outcome = readAgenda(text)
      if (outcome.ok)
        for (const item of outcome.value) expect(item.title.length * item.number.length).toBeGreaterThan(0)
      else expect(outcome.code).toBe('AGENDA_INVALID')
    }
  })
})
