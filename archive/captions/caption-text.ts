const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  lrm: '\u200e',
  rlm: '\u200f',
}

/** Every control character but tab and line feed. */
const controls = /[^\P{Cc}\t\n]/gu
/** Formatting, class, voice, language, ruby and timestamp tags; `3 < 5` is none. */
const tag = /<\/?[A-Za-z0-9][^<>\n]{0,500}>|<>|<\/>/g
/** SubRip files carry positions of another format, such as `{\an8}`. */
const override = /\{\\[^{}\n]{0,100}\}/g
const entity = /&(?:#(\d{1,7})|#[xX]([0-9A-Fa-f]{1,6})|([a-z]{2,4}));/g

/** The words of a cue without markup: tags removed, entities read once, empty lines and outer spaces gone. */
export function plainText(lines: readonly string[]): string {
  const text = lines.join('\n').replace(override, '').replace(tag, '').replace(entity, character)
  return tidy(text)
}

function character(whole: string, decimal?: string, hexadecimal?: string, name?: string): string {
  if (name) return named[name] ?? whole
  const code = decimal ? Number(decimal) : Number.parseInt(hexadecimal ?? '', 16)
  const valid = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
  return valid ? String.fromCodePoint(code) : '\ufffd'
}

/** Lines trimmed, empty ones gone: an empty line would end the cue in either format. */
export function tidy(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(controls, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n')
}

/** WebVTT 4.2.2: these three characters never stand bare in cue text, and so neither does an arrow. */
export function escapeText(text: string): string {
  return tidy(text).replace(/[&<>]/g, (sign) => (sign === '&' ? '&amp;' : sign === '<' ? '&lt;' : '&gt;'))
}

/** The file's lines, whatever ends them, without byte order mark; line n of the file is element n - 1. */
export function captionLines(text: string): string[] {
  return text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/)
}
