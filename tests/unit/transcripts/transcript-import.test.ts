import { expect, test } from 'vitest'
import { importTranscript } from '#archive/transcripts/transcript-import.ts'

const cue = [{ startMs: 1000, endMs: 2000, text: 'café' }]

test('the content decides, not the name', () => {
  expect(importTranscript('WEBVTT\n\n00:01.000 --> 00:02.000\ncafé', 'x.srt')).toEqual({ ok: true, value: cue })
  expect(importTranscript('1\n00:00:01,000 --> 00:00:02,000\ncafé', 'x.vtt')).toEqual({ ok: true, value: cue })
})

test.each(['utf8', 'latin1', 'utf16le'] as const)('bytes in %s are understood', (encoding) => {
  const mark = encoding === 'utf16le' ? '\ufeff' : ''
  const bytes = Buffer.from(`${mark}1\n00:00:01,000 --> 00:00:02,000\ncafé`, encoding)
  expect(importTranscript(bytes, 'x.srt')).toEqual({ ok: true, value: cue })
})

test('a refusal names the file and the line', () => {
  expect(importTranscript('WEBVTT\n\n00:01.000 --> zero\nA', '/somewhere/raad.vtt')).toMatchObject({
    ok: false,
    code: 'CAPTIONS_INVALID',
    line: 3,
    message: 'raad.vtt: Line 3: "zero" is not a time such as 00:01:02.500.',
  })
})
