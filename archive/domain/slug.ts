const longest = 60
const slugPattern = /^[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?$/

// Letters that Unicode does not decompose into a base letter and a mark.
const letters: Readonly<Record<string, string>> = {
  ß: 'ss',
  œ: 'oe',
  æ: 'ae',
  ø: 'o',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  đ: 'd',
  ı: 'i',
}
const germanLetters: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue' }

/** Lower-case letters, digits and hyphens, at most 60; German writes its umlauts out. Empty when nothing is left. */
export function slugOf(text: string, language = 'nl'): string {
  const table = language === 'de' ? { ...letters, ...germanLetters } : letters
  const plain = text
    .normalize('NFC')
    .toLowerCase()
    .replace(/./gu, (letter) => table[letter] ?? letter)
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  return shortened(plain)
}

/** `2026-11-22-gemeenteraad`. */
export function meetingSlug(localDate: string, title: string, language = 'nl'): string {
  const words = slugOf(title, language)
  return words ? `${localDate}-${words}` : localDate
}

/** `base`, or `base-2`, `base-3`, … */
export function uniqueSlug(base: string, taken: ReadonlySet<string>): string {
  if (!taken.has(base)) return base
  let suffix = 2
  while (taken.has(`${base}-${suffix}`)) suffix += 1
  return `${base}-${suffix}`
}

export function isSlug(text: string): boolean {
  return slugPattern.test(text)
}

function shortened(slug: string): string {
  if (slug.length <= longest) return slug
  const cut = slug.slice(0, longest + 1)
  const end = cut.lastIndexOf('-')
  return end > longest / 2 ? cut.slice(0, end) : slug.slice(0, longest)
}
