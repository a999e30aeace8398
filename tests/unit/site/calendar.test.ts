import { describe, expect, test } from 'vitest'
import { clockTime, dateTile, durationWords, longDate } from '../../../site/src/model/calendar.ts'

const brussels = { at: '2025-11-24T19:30:00+01:00', timeZone: 'Europe/Brussels' }

describe('dates on the page', () => {
  test('stand in the words of each language', () => {
    expect(longDate(brussels, 'nl')).toBe('maandag 24 november 2025')
    expect(longDate(brussels, 'fr')).toBe('lundi 24 novembre 2025')
    expect(longDate(brussels, 'de')).toBe('Montag, 24. November 2025')
    expect(longDate(brussels, 'en')).toBe('Monday, 24 November 2025')
  })

  test("follow the meeting's zone, not the reader's", () => {
    const lateInTokyo = { at: '2025-11-24T23:30:00+09:00', timeZone: 'Asia/Tokyo' }
    expect(longDate(lateInTokyo, 'nl')).toBe('maandag 24 november 2025')
    expect(clockTime(lateInTokyo, 'nl')).toBe('23:30')
    expect(clockTime({ ...lateInTokyo, timeZone: 'Europe/Brussels' }, 'nl')).toBe('15:30')
  })

  test.each(['nl', 'fr', 'de', 'en'] as const)('use a clock of 24 hours in %s', (language) => {
    expect(clockTime(brussels, language)).toBe('19:30')
    expect(clockTime({ ...brussels, at: '2025-11-25T00:05:00+01:00' }, language)).toBe('00:05')
  })

  test('fit a calendar leaf', () => {
    expect(dateTile(brussels, 'de')).toEqual({ day: '24', month: 'Nov', weekday: 'Mo' })
  })

  test('durations are told in hours and minutes', () => {
    expect(durationWords(20, 'nl')).toBe('1 min')
    expect(durationWords(3600, 'en')).toBe('1 hr')
    expect(durationWords(8_640, 'nl')).toBe('2 uur 24 min')
  })
})
