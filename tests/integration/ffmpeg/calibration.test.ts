import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { calibrated, readCalibration } from '../../../transcode/ladder/calibration.ts'

test('a machine is measured once, and the measurement is kept', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hemicycle-calibration-'))
  const file = join(folder, 'calibration.json')
  const measured = await calibrated(file)
  expect(measured.cores).toBeGreaterThan(0)
  for (const name of ['1080p', '720p', '480p', '360p'] as const) {
    expect(measured.encodePerMegapixel[name]).toBeGreaterThan(0)
  }
  expect(await readCalibration(file)).toMatchObject({ ...measured })
  await rm(folder, { recursive: true, force: true })
})

test('a calibration that is called off fails with a code', async () => {
  const attempt = calibrated(join(tmpdir(), 'hemicycle-never-written.json'), AbortSignal.abort())
  await expect(attempt).rejects.toMatchObject({ code: 'LADDER_CALIBRATION_FAILED' })
})
