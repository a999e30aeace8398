/** Values that a spreadsheet would take for a formula. */
const formula = /^[=+\-@\t\r]/

/** Rows as RFC 4180 writes them, with CRLF; a value that a spreadsheet would run as a formula gets an apostrophe. */
export function writeCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(fieldOf).join(',')}\r\n`).join('')
}

function fieldOf(value: string): string {
  const plain = formula.test(value) && Number.isNaN(Number(value)) ? `'${value}` : value
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
