import { type Outcome, refuse } from '../core/errors.ts'
import { type CsvRow, readCsv } from './csv.ts'

/** An agenda item as a clerk's file gives it. `number` is kept as written (`3`, `3.1`, `A2`); `public` false means closed session. */
export interface AgendaLine {
  readonly number: string
  readonly title: string
  readonly public: boolean
}

const mostItems = 2_000
const longestTitle = 1_000

const numbered = /^\s*(?<number>\d+(?:\.\d+)*|[A-Za-z]\d+(?:\.\d+)*|[A-Z])(?:[.):]\s*|\s+[-–—]\s+|\s+)(?<title>\S.*)$/u
const closedMarker =
  /\s*[([](?:besloten|besloten zitting|closed|closed session|huis clos|nichtöffentlich|nicht öffentlich)[)\]]\s*$/iu

const columns = {
  number: ['number', 'nr', 'nummer', 'numero', 'numéro', 'item', 'punt', 'agendapunt', 'no', 'n°'],
  title: ['title', 'titel', 'titre', 'onderwerp', 'objet', 'omschrijving', 'subject', 'betreff'],
  public: ['public', 'openbaar', 'publiek', 'öffentlich', 'offentlich'],
} as const

const negative = new Set(['no', 'n', 'nee', 'neen', 'non', 'nein', 'false', '0', 'besloten', 'closed'])

/**
 * Reads an agenda from plain text (one item a line, numbered or not) or from CSV with a header (comma, semicolon or tab).
 * Lines that are empty or begin with `#` are passed over. A refusal (AGENDA_INVALID) names the line.
 */
export function readAgenda(text: string): Outcome<readonly AgendaLine[]> {
  const content = text.replace(/^\uFEFF/, '')
  const table = readCsv(content)
  const header = table[0]
  const found = header ? findColumns(header) : null
  const lines = found ? fromTable(table.slice(1), found) : fromPlain(content)
  return check(lines)
}

interface NumberedLine extends AgendaLine {
  readonly line: number
}

function findColumns(header: CsvRow): { number: number; title: number; public: number } | null {
  const names = header.fields.map((field) => field.trim().toLowerCase())
  const at = (wanted: readonly string[]) => names.findIndex((name) => wanted.includes(name))
  const found = { number: at(columns.number), title: at(columns.title), public: at(columns.public) }
  return names.length > 1 && found.title >= 0 ? found : null
}

function fromTable(rows: readonly CsvRow[], at: { number: number; title: number; public: number }): NumberedLine[] {
  return rows
    .filter((row) => row.fields.some((field) => field.trim() !== ''))
    .map((row, index) => ({
      line: row.line,
      number: (row.fields[at.number] ?? '').trim() || String(index + 1),
      title: tidy(row.fields[at.title] ?? ''),
      public: !negative.has((row.fields[at.public] ?? '').trim().toLowerCase()),
    }))
}

function fromPlain(text: string): NumberedLine[] {
  const lines = text
    .split(/\r\n|\r|\n/)
    .map((content, index) => ({ content, line: index + 1 }))
    .filter(({ content }) => content.trim() !== '' && !content.trimStart().startsWith('#'))
  const matches = lines.map(({ content }) => numbered.exec(content)?.groups)
  // A file in which no line begins with a number is numbered by us; a single "2 voorstellen" must not change that.
  const isNumbered = matches.filter(Boolean).length * 2 > lines.length
  return lines.map(({ content, line }, index) => {
    const groups = isNumbered ? matches[index] : undefined
    const title = groups?.title ?? content
    const isClosed = closedMarker.test(title)
    return {
      line,
      number: groups?.number ?? (isNumbered ? '' : String(index + 1)),
      title: tidy(title.replace(closedMarker, '')),
      public: !isClosed,
    }
  })
}

function tidy(title: string): string {
  return title.replace(/[\s\p{Cc}]+/gu, ' ').trim()
}

function check(lines: readonly NumberedLine[]): Outcome<readonly AgendaLine[]> {
  if (lines.length > mostItems) return invalid(lines[mostItems]?.line, `more than ${mostItems} items`)
  const seen = new Map<string, number>()
  for (const { line, number, title } of lines) {
    if (number === '') return invalid(line, 'no item number, although other lines have one')
    if (title === '') return invalid(line, 'no title')
    if (title.length > longestTitle) return invalid(line, `a title of more than ${longestTitle} characters`)
    const before = seen.get(number)
    if (before !== undefined) return invalid(line, `item number ${number} stands already on line ${before}`)
    seen.set(number, line)
  }
  return { ok: true, value: lines.map(({ number, title, public: isPublic }) => ({ number, title, public: isPublic })) }
}

function invalid(line: number | undefined, problem: string): Outcome<never> {
  return refuse('AGENDA_INVALID', { message: `The agenda cannot be read: line ${line ?? '?'}: ${problem}.` })
}
