import { expect, test } from 'vitest'
import { keyHash, matchingKey } from '#archive/catalog/keys.ts'

const keys = ['een', 'twee'].map((key) => ({ id: key, hash: keyHash(key) }))

test('a key is found by its hash, wherever it stands', () => {
  expect([matchingKey('een', keys)?.id, matchingKey('twee', keys)?.id]).toEqual(['een', 'twee'])
})

test('a key that is unknown, empty or a hash itself opens nothing', () => {
  expect([matchingKey('drie', keys), matchingKey('', keys), matchingKey(keyHash('een'), keys)]).toEqual([
    null,
    null,
    null,
  ])
})

test('a hash that is no hash matches nothing', () => {
  expect(matchingKey('een', [{ hash: '' }, { hash: 'zz' }])).toBeNull()
})

test('the hash is SHA-256 in hex', () => {
  // FIPS 180-4, the message "abc".
  expect(keyHash('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})
