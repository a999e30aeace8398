import { describe, expect, test } from 'vitest'
import { readWebVtt, writeWebVtt } from '#archive/captions/webvtt.ts'

const cues = (text: string) => {
  const outcome = readWebVtt(text)
  return outcome.ok ? outcome.value : outcome
}

describe('reading WebVTT', () => {
  test('a plain file gives its cues', () => {
    expect(cues('WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nGoedenavond.\n')).toEqual([
      { startMs: 1000, endMs: 2500, text: 'Goedenavond.' },
    ])
  })

  test('a byte order mark, Windows line ends, missing hours and a comma are forgiven', () => {
    expect(cues('\ufeffWEBVTT - raad\r\n\r\n1\r\n01:02,5 --> 100:01:03\r\nEen\r\ntwee\r\n')).toEqual([
      { startMs: 62_500, endMs: 360_063_000, text: 'Een\ntwee' },
    ])
  })

  test('header lines, NOTE, STYLE and REGION blocks and settings are passed over', () => {
    const file = [
      'WEBVTT',
      'Kind: captions',
      '',
      'STYLE',
      '::cue { color: lime }',
      '',
      'REGION',
      'id:fred',
      '',
      'NOTE a remark',
      'over two lines',
      '',
      'intro',
      '00:01.000 --> 00:02.000 align:start position:10%,line-left',
      'Woord',
    ].join('\n')
    expect(cues(file)).toEqual([{ startMs: 1000, endMs: 2000, text: 'Woord' }])
  })

  test('tags go, entities are read once, signs that only look like tags stay', () => {
    const text = '<v.loud Jan>5 < 6 &amp;amp; <00:00:01.500><b>caf&#233;</b>&nbsp;&lt;b&gt; &unknown;'
    expect(cues(`WEBVTT\n\n00:01.000 --> 00:02.000\n${text}`)).toEqual([
      { startMs: 1000, endMs: 2000, text: '5 < 6 &amp; café\u00a0<b> &unknown;' },
    ])
  })

  test('overlapping cues are kept and come out by start', () => {
    const file = 'WEBVTT\n\n00:03.000 --> 00:09.000\nB\n\n00:01.000 --> 00:08.000\nA'
    expect(cues(file)).toEqual([
      { startMs: 1000, endMs: 8000, text: 'A' },
      { startMs: 3000, endMs: 9000, text: 'B' },
    ])
  })

  test('a time without an empty line before it begins a new cue', () => {
    expect(cues('WEBVTT\n00:01.000 --> 00:02.000\nA\n00:02.000 --> 00:03.000\nB')).toEqual([
      { startMs: 1000, endMs: 2000, text: 'A' },
      { startMs: 2000, endMs: 3000, text: 'B' },
    ])
  })

  test.each([
    ['WEBVTT\n\n00:01.000 --> 00:02.000\nA\n\n00:61.000 --> 00:02.000\nB', 6, '"00:61.000" is not a time'],
    ['WEBVTT\n\n00:01.000 -->\nA', 3, '"" is not a time'],
    ['WEBVTT\r\n\r\n00:05.000 --> 00:02.000\r\nA', 3, 'ends (00:02.000) before it starts (00:05.000)'],
    ['WEBVTT\n\nno caption here', 3, 'the file ends without a single caption'],
  ])('%j is refused at line %i', (file, line, message) => {
    const outcome = readWebVtt(file)
    expect(outcome).toMatchObject({ ok: false, code: 'CAPTIONS_INVALID', line })
    expect(outcome).toHaveProperty('message', expect.stringContaining(`Line ${line}: `))
    expect(outcome).toHaveProperty('message', expect.stringContaining(message))
  })
})

describe('writing WebVTT', () => {
  test('the file is exact', () => {
    const file = writeWebVtt([
      { startMs: 0, endMs: 1999.6, text: 'A & B\n\n<c> --> d' },
      { startMs: 360_000_000, endMs: 360_000_001, text: 'laat' },
    ])
    expect(file).toBe(
      'WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nA &amp; B\n&lt;c&gt; --&gt; d\n\n100:00:00.000 --> 100:00:00.001\nlaat\n',
    )
  })

  test('a file without cues is still WebVTT', () => {
    expect(writeWebVtt([])).toBe('WEBVTT\n')
  })
})
