import { expect, test } from 'vitest'
import type { ItemId, MarkId, SpanId } from '#archive/core/ids.ts'
import type { AgendaItem } from '#archive/domain/agenda.ts'
import { chapters } from '#archive/domain/chapter.ts'
import { currentItem, type Mark } from '#archive/domain/mark.ts'
import type { SpanFacts } from '#archive/domain/media-time.ts'

const items: AgendaItem[] = ['1', '2', '3'].map((number) => {
  return { id: `item-${number}` as ItemId, number, title: `Punt ${number}`, depth: 0, public: true }
})
/** Ten minutes captured from second 100 on. */
const whole: SpanFacts[] = [{ span: 'a' as SpanId, wallMs: 100_000, mediaStartMs: 0, durationMs: 600_000 }]
/** The same ten minutes with a pause between seconds 400 and 1,000. */
const withGap: SpanFacts[] = [
  { span: 'a' as SpanId, wallMs: 100_000, mediaStartMs: 0, durationMs: 300_000 },
  { span: 'b' as SpanId, wallMs: 1_000_000, mediaStartMs: 300_000, durationMs: 300_000 },
]

/** Item `number` began at second `at`; pressed then, or at second `pressed`. */
function item(number: string, at: number, pressed = at): Mark {
  const id = `mark-${number}-${at}` as MarkId
  return { kind: 'item', id, item: `item-${number}` as ItemId, atMs: at * 1000, pressedAtMs: pressed * 1000 }
}

function undo(number: string, at: number): Mark {
  const undoes = `mark-${number}-${at}` as MarkId
  return { kind: 'undo', id: `undo-${undoes}` as MarkId, undoes, atMs: 0, pressedAtMs: 0 }
}

interface Case {
  readonly marks: readonly Mark[]
  readonly spans?: readonly SpanFacts[]
  readonly agenda?: readonly AgendaItem[]
  readonly open?: boolean
  /** `number start-end` in seconds of MediaTime. */
  readonly expected: readonly string[]
}

const cases: Record<string, Case> = {
  'in order': {
    marks: [item('1', 100), item('2', 160), item('3', 400)],
    expected: ['1 0-60', '2 60-300', '3 300-600'],
  },
  'pressed out of order': {
    marks: [item('3', 400, 300), item('1', 100, 310), item('2', 160, 320)],
    expected: ['1 0-60', '2 60-300', '3 300-600'],
  },
  undone: {
    marks: [item('1', 100), item('2', 160), item('3', 400), undo('2', 160)],
    expected: ['1 0-300', '3 300-600'],
  },
  'undone and marked anew at another time': {
    marks: [item('1', 100), item('2', 160), undo('2', 160), item('2', 200, 500)],
    expected: ['1 0-100', '2 100-600'],
  },
  'a late press': {
    marks: [item('1', 100), item('2', 160, 205)],
    expected: ['1 0-60', '2 60-600'],
  },
  'an item taken up again': {
    marks: [item('1', 100), item('2', 160), item('1', 400)],
    expected: ['1 0-60', '2 60-300', '1 300-600'],
  },
  'an item pressed twice while it is treated': {
    marks: [item('1', 100), item('1', 160), item('2', 400)],
    expected: ['1 0-300', '2 300-600'],
  },
  'items treated together': {
    marks: [item('1', 100, 100), item('2', 100, 101), item('3', 400)],
    expected: ['1 0-300', '2 0-300', '3 300-600'],
  },
  'a mark inside a gap begins where capture resumes': {
    marks: [item('1', 100), item('2', 700), item('3', 1100)],
    spans: withGap,
    expected: ['1 0-300', '2 300-400', '3 400-600'],
  },
  'an item of which nothing was captured has no chapter': {
    marks: [item('1', 100), item('2', 500), item('3', 900)],
    spans: withGap,
    expected: ['1 0-300', '3 300-600'],
  },
  'a mark before the first frame begins with it': {
    marks: [item('1', 20), item('2', 160)],
    expected: ['1 0-60', '2 60-600'],
  },
  'of two marks before the first frame the later one counts': {
    marks: [item('1', 20), item('2', 40)],
    expected: ['2 0-600'],
  },
  'a mark after the last frame': { marks: [item('1', 100), item('2', 900)], expected: ['1 0-600'] },
  'the treatment that goes on has no end': {
    marks: [item('1', 100), item('2', 160)],
    spans: [{ span: 'a' as SpanId, wallMs: 100_000, mediaStartMs: 0, durationMs: null }],
    open: true,
    expected: ['1 0-60', '2 60-null'],
  },
  'an item pressed during a pause is the one that goes on': {
    marks: [item('1', 100), item('2', 710)],
    open: true,
    expected: ['1 0-600', '2 600-null'],
  },
  'a meeting without agenda': { marks: [], agenda: [], expected: [] },
  'a mark of an item that is not on the agenda': { marks: [item('9', 100)], expected: [] },
  'nothing captured': { marks: [item('1', 100)], spans: [], expected: [] },
}

test.each(Object.entries(cases))('%s', (_name, { marks, spans = whole, agenda = items, open = false, expected }) => {
  const found = chapters({ marks, items: agenda, spans, open })
  const seconds = (ms: number | null) => (ms === null ? null : ms / 1000)
  expect(found.map(({ number, startMs, endMs }) => `${number} ${seconds(startMs)}-${seconds(endMs)}`)).toEqual(expected)
})

test('a chapter carries its item and the moment at which its treatment began', () => {
  expect(chapters({ marks: [item('2', 160, 205)], items, spans: whole, open: false })).toEqual([
    { itemId: 'item-2', number: '2', title: 'Punt 2', startMs: 60_000, endMs: 600_000, startedAtMs: 160_000 },
  ])
})

test('the current item is that of the latest standing mark, whatever was pressed last', () => {
  expect(currentItem([item('2', 160), item('1', 100, 900)])).toBe('item-2')
  expect(currentItem([item('1', 100), item('2', 160), undo('2', 160)])).toBe('item-1')
  expect(currentItem([])).toBeNull()
})
