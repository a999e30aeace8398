import { describe, expect, test } from 'vitest'
import { readCaptions } from '#archive/captions/caption-file.ts'
import type { Cue } from '#archive/captions/cue.ts'
import { readSrt } from '#archive/captions/srt.ts'
import { readWebVtt, writeWebVtt } from '#archive/captions/webvtt.ts'
import { seededRandom } from '#tests/support/seeded-random.ts'

const pieces = [
  'WEBVTT',
  '\n',
  '\n\n',
  '\r\n',
  '\r',
  '\ufeff',
  '00:00:01.000',
  '00:01,5',
  '99:59:59.999',
  ' --> ',
  '-->',
  '->',
  '1',
  'NOTE x',
  'STYLE',
  'REGION',
  '<v Jan>',
  '<',
  '>',
  '</',
  '<b',
  '&amp;',
  '&#x110000;',
  '&#0;',
  '&',
  '\u0000',
  '😀',
  '\ud800',
  'ë',
  'woord ',
  'align:start',
  '{\\an8}',
  '{\\',
  '\t',
  ' ',
  '00:00:00',
  '12345678901234567890',
]

const readers = { readWebVtt, readSrt, readCaptions }

describe.each(Object.entries(readers))('%s', (_name, read) => {
  test('answers 3,000 seeded files with cues or with a line', () => {
    const random = seededRandom(20_260_401)
    const wrong: string[] = []
    for (let run = 0; run < 3000; run++) {
      const file = Array.from(
        { length: 1 + Math.floor(random() * 40) },
        () => pieces[Math.floor(random() * pieces.length)],
      ).join('')
      const outcome = read(file)
      const sound = outcome.ok
        ? outcome.value.length > 0 &&
          outcome.value.every(({ startMs, endMs, text }) => endMs >= startMs && text.trim() === text && text !== '')
        : outcome.line >= 1 && outcome.line <= file.split(/\r\n|\n|\r/).length
      if (!sound) wrong.push(file)
    }
    expect(wrong).toEqual([])
  })

  test.each(['<b', '&#', '00:', '{\\', '\r', 'NOTE\n', '00:01.000 --> 00:02.000\n', '<', '-->'])(
    'a megabyte of %j is answered within a second',
    (piece) => {
      const file = `WEBVTT\n\n00:01.000 --> 00:02.000\n${piece.repeat(1_000_000 / piece.length)}`
      const startedAt = performance.now()
      read(file)
      expect(performance.now() - startedAt).toBeLessThan(1000)
    },
  )
})

test('what is written is read back, whatever the text', () => {
  const random = seededRandom(7)
  const letters = [
    'a',
    'é',
    '&',
    '<',
    '>',
    '-->',
    ' ',
    '\n',
    '😀',
    '&amp;',
    'NOTE',
    'WEBVTT',
    '1',
    '00:01.000 --> 00:02.000',
  ]
  const cues: Cue[] = Array.from({ length: 500 }, (_, index) => ({
    startMs: index * 1000,
    endMs: index * 1000 + Math.floor(random() * 9000),
    text: `x${Array.from({ length: 6 }, () => letters[Math.floor(random() * letters.length)]).join('')}x`.replace(
      / *\n[ \n]*/g,
      '\n',
    ),
  }))
  expect(readWebVtt(writeWebVtt(cues))).toEqual({ ok: true, value: cues })
})
