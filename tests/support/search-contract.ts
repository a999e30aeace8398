import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CueEntry, ItemEntry, SearchDocument, SearchIndex, SearchReader } from '#archive/search/search-index.ts'

export interface SearchFixture {
  readonly index: SearchIndex
  /** As another process opens it. */
  readonly reader: SearchReader
  /** The same engine, another town. */
  readonly neighbour: SearchIndex
  dispose(): Promise<void>
}

const item = (text: string, startSeconds: number | null = null): ItemEntry => ({ text, startSeconds })
const cue = (text: string, startSeconds = 0, language = 'nl'): CueEntry => ({ text, startSeconds, language })

function meeting(slug: string, parts: Partial<SearchDocument> = {}): SearchDocument {
  const plannedAtMs = Date.UTC(2026, 2, 9, 19)
  return { meeting: slug, title: `Zitting ${slug}`, plannedAtMs, items: [], cues: [], ...parts }
}

/** What every search engine must do; `open` gives prepared, confirmed, empty indexes. */
export function searchContract(name: string, open: () => Promise<SearchFixture>): void {
  describe(`${name}: search contract`, () => {
    let fixture: SearchFixture
    beforeEach(async () => {
      fixture = await open()
    })
    afterEach(() => fixture.dispose())

    const texts = async (q: string, options: { language?: string; limit?: number } = {}) => {
      const outcome = await fixture.reader.query({ q, ...options })
      return outcome.ok ? outcome.value.map(({ text }) => text) : outcome
    }

    test('an item, a meeting and a cue are found with what a page needs to link to them', async () => {
      await fixture.index.replaceMeeting(
        meeting('raad', {
          title: 'Gemeenteraad',
          items: [item('Mobiliteitsplan centrum', 62.5)],
          cues: [cue('het woord', 71)],
        }),
      )
      const found = async (q: string) => {
        const outcome = await fixture.reader.query({ q })
        return outcome.ok ? outcome.value.map(({ score, ...result }) => ({ ...result, scored: score > 0 })) : outcome
      }
      const shared = { meeting: 'raad', title: 'Gemeenteraad', scored: true }
      expect(await found('mobiliteitsplan')).toEqual([
        { ...shared, text: 'Mobiliteitsplan centrum', kind: 'item', startSeconds: 62.5 },
      ])
      expect(await found('gemeenteraad')).toEqual([
        { ...shared, text: 'Gemeenteraad', kind: 'meeting', startSeconds: null },
      ])
      expect(await found('woord')).toEqual([{ ...shared, text: 'het woord', kind: 'cue', startSeconds: 71 }])
    })

    test('all words are required, the last may be unfinished, others may not', async () => {
      await fixture.index.replaceMeeting(
        meeting('a', { items: [item('Nieuw fietspad Stationsstraat'), item('Fietspad school')] }),
      )
      expect(await texts('fietspad stat')).toEqual(['Nieuw fietspad Stationsstraat'])
      expect(await texts('fietspa station')).toEqual([])
      expect(await texts('fietspad zwembad')).toEqual([])
      expect(await texts('fietsp')).toHaveLength(2)
    })

    test('case and diacritics do not count, on either side', async () => {
      await fixture.index.replaceMeeting(
        meeting('a', { items: [item('Crèche en financiën'), item('ECOLE MATERNELLE')] }),
      )
      expect(await texts('creche')).toEqual(['Crèche en financiën'])
      expect(await texts('FINANCIE\u0308N')).toEqual(['Crèche en financiën'])
      expect(await texts('l’école')).toEqual([])
      expect(await texts('école')).toEqual(['ECOLE MATERNELLE'])
    })

    test('a title weighs more than a cue, a whole word more than a beginning, neighbours more than strangers', async () => {
      await fixture.index.replaceMeeting(
        meeting('a', {
          items: [item('Wegenwerken in de dorpskern en omgeving')],
          cues: [cue('wegenwerken', 1), cue('de werken aan de school en aan de weg', 2), cue('aan de weg werken', 3)],
        }),
      )
      expect(await texts('wegenwerken')).toEqual(['Wegenwerken in de dorpskern en omgeving', 'wegenwerken'])
      expect(await texts('weg werken')).toEqual(['aan de weg werken', 'de werken aan de school en aan de weg'])
    })

    test('among equals the newer meeting comes first, and within a meeting the earlier moment', async () => {
      const at = (year: number) => Date.UTC(year, 0, 1)
      await fixture.index.replaceMeeting(
        meeting('new', { plannedAtMs: at(2026), cues: [cue('brug dicht', 5), cue('brug open', 9)] }),
      )
      await fixture.index.replaceMeeting(meeting('old', { plannedAtMs: at(2020), cues: [cue('brug oud', 1)] }))
      expect(await texts('brug')).toEqual(['brug dicht', 'brug open', 'brug oud'])
      expect(await texts('brug', { limit: 1 })).toEqual(['brug dicht'])
    })

    test('a language restricts cues and leaves titles', async () => {
      await fixture.index.replaceMeeting(
        meeting('a', { items: [item('Budget')], cues: [cue('le budget', 1, 'fr'), cue('het budget', 1, 'nl')] }),
      )
      expect(await texts('budget', { language: 'fr' })).toEqual(['Budget', 'le budget'])
      expect(await texts('budget')).toHaveLength(3)
    })

    test('replacing a meeting forgets what it held, removing it forgets everything', async () => {
      await fixture.index.replaceMeeting(meeting('a', { items: [item('Zwembad')], cues: [cue('water', 1)] }))
      await fixture.index.replaceMeeting(meeting('a', { title: 'Raad', plannedAtMs: 0, items: [item('Bibliotheek')] }))
      expect(await texts('zwembad')).toEqual([])
      expect(await texts('water')).toEqual([])
      expect(await texts('bibliotheek')).toEqual(['Bibliotheek'])
      await fixture.index.removeMeeting('a')
      await fixture.index.removeMeeting('never there')
      expect(await texts('bibliotheek')).toEqual([])
      expect(await texts('raad')).toEqual([])
    })

    test('towns with equal slugs never see each other', async () => {
      await fixture.index.replaceMeeting(meeting('raad', { items: [item('Parking hier')] }))
      await fixture.neighbour.replaceMeeting(meeting('raad', { items: [item('Parking daar')] }))
      expect(await texts('parking')).toEqual(['Parking hier'])
      await fixture.neighbour.removeMeeting('raad')
      expect(await texts('parking')).toEqual(['Parking hier'])
    })

    const oddities = [
      ['nothing', ''],
      ['a space', ' '],
      ['a quote', '"'],
      ['two quotes', '""'],
      ['an open quote', '"fiets'],
      ['an injection', "'; DROP TABLE doc; --"],
      ['an operator', 'NOT'],
      ['operators alone', 'AND OR NEAR('],
      ['a column filter', 'text:fiets'],
      ['a star', '*'],
      ['stars and carets', 'a*b^c'],
      ['brackets', '- + ( ) { } :'],
      ['an emoji', '😀'],
      ['a zero character', '\u0000'],
      ['half a surrogate pair', '\ud83d'],
      ['a loose combining mark', '\u0301'],
      ['wildcards of LIKE', '%_'],
      ['one word of 10,000 letters', 'x'.repeat(10_000)],
      ['2,000 words', 'woord '.repeat(2000)],
      ['10,000 brackets', '('.repeat(10_000)],
      ['a zero width space', 'fiets\u200b'],
    ] as const
    test.each(oddities)('%s is a question like any other', async (_name, q) => {
      await fixture.index.replaceMeeting(meeting('a', { items: [item('Iets vreemds')] }))
      expect(await texts(q)).toEqual([])
    })

    test('words that look like operators are words', async () => {
      await fixture.index.replaceMeeting(meeting('a', { items: [item('near and not or')] }))
      expect(await texts('NOT near')).toEqual(['near and not or'])
      expect(await texts('"near" -and')).toEqual(['near and not or'])
    })
  })
}
