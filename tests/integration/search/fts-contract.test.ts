import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FtsIndex } from '#archive/search/fts-index.ts'
import { FtsReader } from '#archive/search/fts-reader.ts'
import { searchContract } from '#tests/support/search-contract.ts'

searchContract('embedded', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hemicycle-search-'))
  const file = join(folder, 'search.sqlite')
  const index = new FtsIndex({ file, town: 'here' })
  await index.prepare()
  await index.confirm()
  const neighbour = new FtsIndex({ file, town: 'there' })
  await neighbour.prepare()
  const reader = new FtsReader({ file, town: 'here' })
  return {
    index,
    reader,
    neighbour,
    dispose: async () => {
      for (const open of [index, reader, neighbour]) open.close()
      await rm(folder, { recursive: true })
    },
  }
})
