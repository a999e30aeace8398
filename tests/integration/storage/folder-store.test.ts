import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createFolderStore } from '#archive/storage/folder-store.ts'
import { collect, mediaStoreContract } from '#tests/support/media-store-contract.ts'

const root = await mkdtemp(join(tmpdir(), 'hemicycle-store-'))
afterAll(() => rm(root, { recursive: true, force: true }))

mediaStoreContract(async () => createFolderStore(join(await mkdtemp(join(root, 's-')), 'deep')))

test('a store whose folder cannot be used says so, and that trying again may help', async () => {
  await writeFile(join(root, 'file'), '')
  const store = createFolderStore(join(root, 'file', 'below'))
  await expect(store.put('a/b', new Uint8Array(1))).rejects.toMatchObject({ code: 'STORE_FAILED', retryable: true })
  expect(await store.get('a/b')).toBeNull()
})

test('a file in the making is not listed', async () => {
  const folder = await mkdtemp(join(root, 's-'))
  await writeFile(join(folder, '0.m4s.abcdef.partial'), 'x')
  await symlink('/etc/passwd', join(folder, 'passwd'))
  expect(await collect(createFolderStore(folder).list(''))).toEqual([])
})
