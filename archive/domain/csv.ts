/** A record of a CSV text; `line` is the line on which it begins, counted from 1. */
export interface CsvRow {
  readonly line: number
  readonly fields: readonly string[]
}

/**
 * Reads CSV (RFC 4180) with the separator that its first line uses most: comma, semicolon or tab. Tolerant: a quote in
 * the middle of a field is a character, an unclosed quote ends with the text.
 */
export function readCsv(text: string): CsvRow[] {
  const separator = likelySeparator(text)
  const rows: CsvRow[] = []
  let at = 0
  let line = 1
  while (at < text.length) {
    const row = readRow(text, at, separator)
    rows.push({ line, fields: row.fields })
    line += row.lines
    at = row.end
  }
  return rows.filter(({ fields }) => fields.length > 1 || fields[0] !== '')
}

function likelySeparator(text: string): string {
  const first = /^[^\r\n]*/.exec(text)?.[0] ?? ''
  const count = (separator: string) => first.split(separator).length
  return [',', ';', '\t'].reduce((best, other) => (count(other) > count(best) ? other : best))
}

function readRow(text: string, start: number, separator: string): { fields: string[]; end: number; lines: number } {
  const fields: string[] = []
  let at = start
  let lines = 1
  for (;;) {
    const field = text[at] === '"' ? readQuoted(text, at) : readBare(text, at, separator)
    lines += field.breaks
    fields.push(field.value)
    at = field.end
    if (text[at] === separator) {
      at += 1
      continue
    }
    if (text[at] === '\r' && text[at + 1] === '\n') return { fields, end: at + 2, lines }
    return { fields, end: at + 1, lines }
  }
}

interface Field {
  readonly value: string
  readonly end: number
  /** Line breaks inside the field. */
  readonly breaks: number
}

function readBare(text: string, start: number, separator: string): Field {
  let end = start
  while (end < text.length && text[end] !== separator && text[end] !== '\n' && text[end] !== '\r') end += 1
  return { value: text.slice(start, end), end, breaks: 0 }
}

function readQuoted(text: string, start: number): Field {
  let value = ''
  let at = start + 1
  while (at < text.length) {
    if (text[at] === '"' && text[at + 1] !== '"') break
    if (text[at] === '"') at += 1
    value += text[at] ?? ''
    at += 1
  }
  let end = Math.min(at + 1, text.length)
  // What follows a closing quote up to the separator belongs to nobody; it is kept so that nothing is lost silently.
  while (end < text.length && !/[,;\t\r\n]/.test(text[end] ?? '')) {
    value += text[end]
    end += 1
  }
  return { value, end, breaks: value.split(/\r\n|\r|\n/).length - 1 }
}
