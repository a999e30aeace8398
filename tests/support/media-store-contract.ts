import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { MediaStore } from '#archive/storage/media-store.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

export async function contentOf(store: MediaStore, key: string, first?: number, last?: number): Promise<string | null> {
  const range = first === undefined || last === undefined ? undefined : { first, last }
  const media = range ? await store.get(key, range) : await store.get(key)
  return media && Buffer.concat(await collect(media.content)).toString()
}

/** What every media store does; `open` gives an empty one. */
export function mediaStoreContract(open: () => Promise<MediaStore>): void {
  test('what was put is there, whole, with its size and checksum', async () => {
    const store = await open()
    const receipt = await store.put('rec/span/source/0.m4s', bytes('0123456789'))
    expect(receipt).toEqual({ sizeBytes: 10, sha256: createHash('sha256').update('0123456789').digest('hex') })
    expect(await store.stat('rec/span/source/0.m4s')).toEqual({ key: 'rec/span/source/0.m4s', sizeBytes: 10 })
    expect(await contentOf(store, 'rec/span/source/0.m4s')).toBe('0123456789')
  })

  test('a stream is stored as the bytes of its pieces', async () => {
    const store = await open()
    const pieces = async function* () {
      yield bytes('abc')
      yield bytes('def')
    }
    expect(await store.put('a/b', pieces())).toMatchObject({ sizeBytes: 6 })
    expect(await contentOf(store, 'a/b')).toBe('abcdef')
  })

  test('a stream that breaks off leaves the object as it was', async () => {
    const store = await open()
    await store.put('a/b', bytes('old'))
    const broken = async function* () {
      yield bytes('new')
      throw new Error('the line went dead')
    }
    await expect(store.put('a/b', broken())).rejects.toThrow()
    expect(await contentOf(store, 'a/b')).toBe('old')
    expect(await collect(store.list(''))).toEqual([{ key: 'a/b', sizeBytes: 3 }])
  })

  test('ranges count both ends and are cut to the object', async () => {
    const store = await open()
    await store.put('a/b', bytes('0123456789'))
    expect(await contentOf(store, 'a/b', 2, 4)).toBe('234')
    expect(await contentOf(store, 'a/b', 8, 99)).toBe('89')
    expect(await contentOf(store, 'a/b', 10, 12)).toBe('')
    const unread = await store.get('a/b', { first: 2, last: 4 })
    await expect(unread?.cancel()).resolves.toBeUndefined()
  })

  test('putting again replaces, and what is absent is null', async () => {
    const store = await open()
    await store.put('a/b', bytes('one'))
    await store.put('a/b', bytes('two!'))
    expect(await contentOf(store, 'a/b')).toBe('two!')
    expect(await store.get('a/c')).toBeNull()
    expect(await store.stat('a')).toBeNull()
    expect(await store.get('a/b/c')).toBeNull()
  })

  test('a list holds what lies under a folder, in the order of the keys', async () => {
    const store = await open()
    for (const key of ['rec/b/1', 'rec/a/2', 'rec-other/1', 'rec/a/10', 'rec/manifest.json']) {
      await store.put(key, bytes(key))
    }
    const keys = async (prefix: string) => (await collect(store.list(prefix))).map(({ key }) => key)
    expect(await keys('rec')).toEqual(['rec/a/10', 'rec/a/2', 'rec/b/1', 'rec/manifest.json'])
    expect(await keys('')).toEqual(['rec-other/1', 'rec/a/10', 'rec/a/2', 'rec/b/1', 'rec/manifest.json'])
    expect(await keys('nothing')).toEqual([])
  })

  test('deleting a folder removes all of it and nothing beside it', async () => {
    const store = await open()
    for (const key of ['rec/a/1', 'rec/a/2', 'rec/b/1', 'rec-a/1']) await store.put(key, bytes('x'))
    expect(await store.delete('rec/a')).toBe(2)
    expect(await store.delete('rec/b/1')).toBe(1)
    expect(await store.delete('rec')).toBe(0)
    expect(await collect(store.list(''))).toEqual([{ key: 'rec-a/1', sizeBytes: 1 }])
  })

  test.each([
    '',
    '/',
    '../x',
    'a/../b',
    'a//b',
    '/etc/passwd',
    'a\\b',
    'a/.hidden',
    'a\u0000b',
    'a/b/',
    'é',
    'x'.repeat(300),
  ])('no object may be called %j', async (key) => {
    const store = await open()
    await expect(store.put(key, bytes('x'))).rejects.toMatchObject({ code: 'STORE_KEY_INVALID' })
    await expect(async () => store.get(key)).rejects.toMatchObject({ code: 'STORE_KEY_INVALID' })
    await expect(store.delete(key)).rejects.toMatchObject({ code: 'STORE_KEY_INVALID' })
  })
}
