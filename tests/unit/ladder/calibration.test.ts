import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { calibrated, readCalibration } from '../../../transcode/ladder/calibration.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemicycle-calibration-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('a kept measurement is used as it is', async () => {
  const kept = {
    version: 1,
    cores: 1.5,
    decodePerMegapixel: 0.002,
    encodePerMegapixel: { '1080p': 0.01, '720p': 0.01, '480p': 0.02, '360p': 0.02 },
  }
  const file = join(folder, 'calibration.json')
  await writeFile(file, JSON.stringify(kept))
  expect(await calibrated(file)).toEqual(kept)
})

test('a measurement that cannot be read counts as none', async () => {
  const file = join(folder, 'calibration.json')
  expect(await readCalibration(file)).toBeNull()
  for (const text of ['{', '{"version":2}', '{"version":1,"cores":0}']) {
    await writeFile(file, text)
    expect(await readCalibration(file)).toBeNull()
  }
})
