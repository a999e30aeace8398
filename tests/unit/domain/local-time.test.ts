import { expect, test } from 'vitest'
import { dateOf, instantOf, isoWithOffset, isZone, localOf, plannedTime } from '#archive/domain/local-time.ts'

const brussels = 'Europe/Brussels'

test.each([
  ['a winter evening', '2026-11-22T19:30', brussels, '2026-11-22T18:30:00.000Z'],
  ['a summer evening', '2026-06-22T19:30', brussels, '2026-06-22T17:30:00.000Z'],
  ['with seconds', '2026-11-22T19:30:15', brussels, '2026-11-22T18:30:15.000Z'],
  ['before the clocks go forward', '2026-03-29T01:59', brussels, '2026-03-29T00:59:00.000Z'],
  ['in the hour that is skipped: an hour later', '2026-03-29T02:30', brussels, '2026-03-29T01:30:00.000Z'],
  ['after the clocks went forward', '2026-03-29T03:00', brussels, '2026-03-29T01:00:00.000Z'],
  ['in the hour that comes twice: the first time', '2026-10-25T02:30', brussels, '2026-10-25T00:30:00.000Z'],
  ['after the clocks went back', '2026-10-25T03:00', brussels, '2026-10-25T02:00:00.000Z'],
  ['the minute before midnight', '2026-12-31T23:59', brussels, '2026-12-31T22:59:00.000Z'],
  ['a press conference in New York', '2026-11-22T10:00', 'America/New_York', '2026-11-22T15:00:00.000Z'],
  ['a press conference in Kathmandu', '2026-11-22T10:00', 'Asia/Kathmandu', '2026-11-22T04:15:00.000Z'],
  ['the southern night that is skipped', '2026-10-04T02:30', 'Australia/Sydney', '2026-10-03T16:30:00.000Z'],
])('%s', (_when, text, zone, utc) => {
  const planned = plannedTime(text, zone)
  expect(planned.ok && new Date(planned.value.startMs).toISOString()).toBe(utc)
})

test.each([
  ['2026-11-22T19:30+01:00', '2026-11-22T19:30:00'],
  ['2026-11-22T18:30Z', '2026-11-22T19:30:00'],
  ['2026-11-22T13:30-0500', '2026-11-22T19:30:00'],
  ['2026-11-22T23:30:00.000Z', '2026-11-23T00:30:00'],
])('%s is %s in Brussels', (text, local) => {
  expect(plannedTime(text, brussels)).toEqual({
    ok: true,
    value: { local, zone: brussels, startMs: instantOf(local, brussels) },
  })
})

test('an offset tells the two readings of the hour that comes twice apart', () => {
  const starts = ['2026-10-25T02:30+02:00', '2026-10-25T02:30+01:00'].map((text) => {
    const planned = plannedTime(text, brussels)
    return planned.ok && [planned.value.local, new Date(planned.value.startMs).toISOString()]
  })
  expect(starts).toEqual([
    ['2026-10-25T02:30:00', '2026-10-25T00:30:00.000Z'],
    ['2026-10-25T02:30:00', '2026-10-25T01:30:00.000Z'],
  ])
})

test.each(['tomorrow', '', '2026-11-22', '2026-02-30T10:00', '2026-11-22T24:30', '2026-13-01T10:00'])(
  '"%s" is refused',
  (text) => {
    expect(plannedTime(text, brussels)).toMatchObject({ ok: false, code: 'TIME_INVALID' })
  },
)

test('an unknown zone is refused by name', () => {
  expect(plannedTime('2026-11-22T10:00', 'Europe/Ghent')).toMatchObject({
    code: 'TIME_INVALID',
    message: '"Europe/Ghent" is not an IANA time zone.',
  })
  expect([isZone('Europe/Brussels'), isZone('Europe/Ghent')]).toEqual([true, false])
})

test.each([
  [Date.UTC(2026, 10, 22, 18, 30), brussels, '2026-11-22T19:30:00+01:00'],
  [Date.UTC(2026, 5, 22, 17, 30), brussels, '2026-06-22T19:30:00+02:00'],
  [Date.UTC(2026, 10, 22, 15, 0), 'America/New_York', '2026-11-22T10:00:00-05:00'],
  [Date.UTC(2026, 10, 22, 4, 15), 'Asia/Kathmandu', '2026-11-22T10:00:00+05:45'],
])('%d in %s is written %s', (instantMs, zone, text) => {
  expect(isoWithOffset(instantMs, zone)).toBe(text)
})

test('a meeting planned in the evening keeps its date although it ends past midnight', () => {
  const planned = plannedTime('2026-11-22T22:00', brussels)
  const endMs = planned.ok ? planned.value.startMs + 3 * 3_600_000 : 0
  expect([planned.ok && dateOf(planned.value.local), localOf(endMs, brussels)]).toEqual([
    '2026-11-22',
    '2026-11-23T01:00:00',
  ])
})
