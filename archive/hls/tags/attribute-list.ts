/** The attributes of one tag by name; a quoted value keeps its text without the quotes (4.2 of the draft). */
export type Attributes = ReadonlyMap<string, string>

export type AttributeValue = string | { readonly quoted: string } | null | false

const attribute = /([A-Z0-9-]+)=("[^"\r\n]*"|[^",\s][^",]*)(,|$)/y

/** The attributes of `text`, or null when it is not an attribute list. Later duplicates lose. */
export function parseAttributes(text: string): Attributes | null {
  const found = new Map<string, string>()
  attribute.lastIndex = 0
  while (attribute.lastIndex < text.length) {
    const match = attribute.exec(text)
    if (!match?.[1] || match[2] === undefined) return null
    if (!found.has(match[1])) found.set(match[1], match[2].replace(/^"|"$/g, ''))
  }
  return found
}

/** Writes attributes in the order given; null and false are left out. */
export function writeAttributes(list: readonly (readonly [name: string, value: AttributeValue])[]): string {
  return list
    .flatMap(([name, value]) => {
      if (value === null || value === false) return []
      return [typeof value === 'string' ? `${name}=${value}` : `${name}="${quotable(value.quoted)}"`]
    })
    .join(',')
}

/** A quoted string holds neither a line break nor a double quote (4.2). */
function quotable(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replaceAll('"', "'")
}

/** Seconds with at most six decimals and no trailing zeros. */
export function decimal(value: number): string {
  return String(Math.round(value * 1e6) / 1e6)
}

/** A decimal number that is not negative, or null. */
export function parseDecimal(text: string | undefined): number | null {
  return text !== undefined && /^\d+(\.\d*)?$/.test(text) ? Number(text) : null
}

/** A decimal integer that a double holds exactly, or null. */
export function parseInteger(text: string | undefined): number | null {
  if (text === undefined || !/^\d{1,16}$/.test(text)) return null
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : null
}
