import { describe, expect, test } from 'vitest'
import { localizePath, splitPath } from '../../../site/src/model/locale.ts'
import { isoDuration, momentPath, readPosition, timecode } from '../../../site/src/model/timecode.ts'

describe('the language in an address', () => {
  test.each([
    ['/', null, '/'],
    ['/fr', 'fr', '/'],
    ['/fr/', 'fr', '/'],
    ['/fr/meetings/x', 'fr', '/meetings/x'],
    ['/meetings/fr', null, '/meetings/fr'],
    ['/french', null, '/french'],
    ['/en/search', 'en', '/search'],
  ] as const)('%s names %s and the path %s', (pathname, language, path) => {
    expect(splitPath(pathname)).toEqual({ language, path })
  })

  test('a second slash cannot lead to another host', () => {
    expect(splitPath('/nl//evil.example/x').path).toBe('/evil.example/x')
  })

  test("the town's language has no prefix, the others do", () => {
    expect(localizePath('/search', 'nl', 'nl')).toBe('/search')
    expect(localizePath('/search', 'de', 'nl')).toBe('/de/search')
    expect(localizePath('/', 'fr', 'nl')).toBe('/fr')
    expect(localizePath('/', 'nl', 'fr')).toBe('/nl')
  })
})

describe('a moment in an address', () => {
  test.each([
    ['75', 75],
    ['75.25', 75.25],
    ['1:15', 75],
    ['1:02:03', 3723],
    ['1h2m3s', 3723],
    ['2m', 120],
    ['0', 0],
    ['', null],
    ['-5', null],
    ['1e9', null],
    ['999999', null],
    ['NaN', null],
    ['1:99', null],
    [null, null],
  ])('?t=%s is %s seconds', (text, seconds) => {
    expect(readPosition(text)).toBe(seconds)
  })

  test('a link is made of whole seconds, rounded down', () => {
    expect(momentPath('/fr/meetings/x', 61.9)).toBe('/fr/meetings/x?t=61')
    expect(momentPath('/meetings/x', -1)).toBe('/meetings/x?t=0')
  })

  test('seconds are written as people read them', () => {
    expect([0, 5.9, 65, 3600, 36_061].map(timecode)).toEqual(['0:00', '0:05', '1:05', '1:00:00', '10:01:01'])
    expect(isoDuration(3723.4)).toBe('PT1H2M3S')
  })
})
