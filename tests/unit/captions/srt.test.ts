import { expect, test } from 'vitest'
import { readCaptions } from '#archive/captions/caption-file.ts'
import { readSrt, writeSrt } from '#archive/captions/srt.ts'

const cues = (text: string) => {
  const outcome = readSrt(text)
  return outcome.ok ? outcome.value : outcome
}

test('a plain SubRip file gives its cues', () => {
  const file =
    '\ufeff1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>Goedenavond</i>\r\n{\\an8}allemaal\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\n12\r\n'
  expect(cues(file)).toEqual([
    { startMs: 1000, endMs: 2500, text: 'Goedenavond\nallemaal' },
    { startMs: 3000, endMs: 4000, text: '12' },
  ])
})

test('an empty line inside a caption and missing numbers lose no text', () => {
  const file = '00:01,000 --> 00:02.000 X1:0\nEerste\n\ntweede regel\n\n00:00:03,000-->00:00:04,000\nDerde'
  expect(cues(file)).toEqual([
    { startMs: 1000, endMs: 2000, text: 'Eerste\ntweede regel' },
    { startMs: 3000, endMs: 4000, text: 'Derde' },
  ])
})

test('a bad time is refused with its line', () => {
  expect(readSrt('1\n00:00:01,000 --> 00:00:02,000\nA\n\n2\n00:00:zz,000 --> 00:00:04,000\nB')).toEqual({
    ok: false,
    code: 'CAPTIONS_INVALID',
    line: 6,
    message: 'Line 6: "00:00:zz,000" is not a time such as 00:01:02.500.',
    hint: 'Correct the line named, or export the captions again as WebVTT or SubRip.',
  })
})

test('an empty file is refused', () => {
  expect(readSrt('')).toMatchObject({ ok: false, code: 'CAPTIONS_INVALID', line: 1 })
})

test('the written file is exact and reads back', () => {
  const written = [
    { startMs: 0, endMs: 1000, text: 'A --> B\nC' },
    { startMs: 1000, endMs: 2000, text: 'D' },
  ]
  const file = writeSrt(written)
  expect(file).toBe(
    '1\r\n00:00:00,000 --> 00:00:01,000\r\nA -> B\r\nC\r\n\r\n2\r\n00:00:01,000 --> 00:00:02,000\r\nD\r\n\r\n',
  )
  expect(cues(file)).toEqual([{ startMs: 0, endMs: 1000, text: 'A -> B\nC' }, written[1]])
})

test('the content decides between the formats', () => {
  const vtt = 'WEBVTT\n\n00:01.000 --> 00:02.000\nA\n\nlost words\n'
  const srt = '1\n00:01,000 --> 00:02,000\nA\n\nkept words\n'
  expect(readCaptions(vtt)).toEqual({ ok: true, value: [{ startMs: 1000, endMs: 2000, text: 'A' }] })
  expect(readCaptions(srt)).toEqual({ ok: true, value: [{ startMs: 1000, endMs: 2000, text: 'A\nkept words' }] })
})
