import { expect, test } from 'vitest'
import type { JournalEvent } from '#archive/hls/journal-event.ts'
import { journalLine, parseJournal } from '#archive/storage/journal-text.ts'
import {
  firstSpan,
  gapEvent,
  initEvent,
  recordingEvent,
  segmentEvent,
  spanEndEvent,
  spanEvent,
} from '#tests/support/journal.ts'

const events: JournalEvent[] = [
  recordingEvent,
  { type: 'numbers', upTo: 64 },
  spanEvent(firstSpan, 0),
  initEvent(firstSpan, 'source'),
  segmentEvent(firstSpan, 0),
  gapEvent(firstSpan, 'audio', 0),
  spanEndEvent(firstSpan),
  { type: 'ended', atMs: 1 },
  { type: 'reopened', atMs: 2 },
]
const text = events.map(journalLine).join('')
const bytes = new TextEncoder().encode(text)

test('every kind of event is read back as it was written', () => {
  expect(parseJournal(bytes)).toEqual({ events, wholeBytes: bytes.length, damagedLines: 0 })
})

test('wherever the file is torn, the whole lines before that are read', () => {
  for (let length = 0; length < bytes.length; length += 7) {
    const reading = parseJournal(bytes.subarray(0, length))
    expect(reading.wholeBytes).toBe(text.slice(0, length).lastIndexOf('\n') + 1)
    expect(reading.events).toEqual(events.slice(0, reading.events.length))
    expect(reading.damagedLines).toBe(0)
  }
})

test.each([
  ['a path for an id', { ...initEvent(firstSpan, 'source'), span: '../../etc' }],
  ['an unknown rendition', { ...initEvent(firstSpan, 'source'), rendition: '..' }],
  ['a negative number', { ...segmentEvent(firstSpan, 0), n: -1 }],
  [
    'a timescale of zero',
    { ...spanEvent(firstSpan, 0), renditions: [{ kind: 'audio', name: 'audio', codecs: '', timescale: 0 }] },
  ],
  ['an unknown type', { type: 'toString' }],
  ['null', null],
])('a line with %s is counted as damaged and passed over', (_, value) => {
  const line = new TextEncoder().encode(`${JSON.stringify(value)}\n${text}`)
  expect(parseJournal(line)).toMatchObject({ events, damagedLines: 1 })
})
