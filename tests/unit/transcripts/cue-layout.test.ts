import { describe, expect, test } from 'vitest'
import { cuesOf, withoutOverlap } from '#archive/transcripts/cue-layout.ts'

/** Every word takes `stepMs`, the last tenth of it silence. */
function spoken(text: string, stepMs = 400, startMs = 0) {
  const words = text.split(' ').map((word, index) => ({
    text: word,
    startMs: startMs + index * stepMs,
    endMs: startMs + index * stepMs + stepMs * 0.9,
  }))
  return { startMs, endMs: startMs + words.length * stepMs, text, words }
}

describe('captions of an utterance', () => {
  test('a short sentence is one cue with the times of its words', () => {
    expect(cuesOf(spoken('De stemming is gesloten.', 400, 2000), 10_000)).toEqual([
      { startMs: 12_000, endMs: 13_560, text: 'De stemming is gesloten.' },
    ])
  })

  test('sentences are cut apart', () => {
    expect(cuesOf(spoken('We beginnen. Wie is er tegen? Niemand.')).map(({ text }) => text)).toEqual([
      'We beginnen.',
      'Wie is er tegen?',
      'Niemand.',
    ])
  })

  test('a number with a point ends no sentence', () => {
    expect(cuesOf(spoken('Dan nu punt 7. van de agenda')).map(({ text }) => text)).toEqual([
      'Dan nu punt 7. van de agenda',
    ])
  })

  test('a long sentence is cut at a comma, lines are balanced, seven seconds are kept', () => {
    const cues = cuesOf(
      spoken(
        'De werken aan de Stationsstraat beginnen in september, zo heeft de schepen beslist na overleg met de buurt',
        450,
      ),
    )
    expect(cues.map(({ text }) => text)).toEqual([
      'De werken aan de Stationsstraat\nbeginnen in september,',
      'zo heeft de schepen beslist\nna overleg met de buurt',
    ])
    expect(cues[1]?.startMs).toBe(8 * 450)
  })

  test('a long pause ends a cue', () => {
    const first = spoken('een twee')
    const second = spoken('drie vier', 400, 3000)
    const cues = cuesOf({ startMs: 0, endMs: 4000, text: '', words: [...first.words, ...second.words] })
    expect(cues).toEqual([
      { startMs: 0, endMs: 1000, text: 'een twee' },
      { startMs: 3000, endMs: 4000, text: 'drie vier' },
    ])
  })

  test('slow speech never makes a cue of more than seven seconds, and no word is lost', () => {
    const text = Array.from({ length: 40 }, (_, index) => `woord${index}`).join(' ')
    const cues = cuesOf(spoken(text, 700))
    expect(cues.every(({ startMs, endMs }) => endMs - startMs <= 7000 && endMs > startMs)).toBe(true)
    expect(cues.map((cue) => cue.text.replace('\n', ' ')).join(' ')).toBe(text)
    expect(cues.every((cue) => cue.text.split('\n').every((line) => line.length <= 42))).toBe(true)
  })

  test('an utterance without word times is one cue', () => {
    expect(cuesOf({ startMs: 500, endMs: 2500, text: 'Goedenavond', words: [] })).toEqual([
      { startMs: 500, endMs: 2500, text: 'Goedenavond' },
    ])
  })
})

test('a cue that was made to stay gives way to the next', () => {
  const cue = (startMs: number, endMs: number) => ({ startMs, endMs, text: 'x' })
  expect(withoutOverlap([cue(0, 1000), cue(900, 2000), cue(2000, 3000)])).toEqual([
    cue(0, 900),
    cue(900, 2000),
    cue(2000, 3000),
  ])
})
