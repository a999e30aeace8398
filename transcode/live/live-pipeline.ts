import { join } from 'node:path'
import type { Clock } from '#archive/core/clock.ts'
import type { Config } from '#archive/core/config.ts'
import { reportOf } from '#archive/core/errors.ts'
import type { Log } from '#archive/core/log.ts'
import type { LivePipelineFactory } from '#archive/hls/packaging.ts'
import { calibrated, readCalibration } from '../ladder/calibration.ts'
import type { Capacity } from '../ladder/capacity.ts'
import { ladderSettingOf } from '../ladder/choice.ts'
import { startFfmpegEncoder } from './ffmpeg-encoder.ts'
import { createLivePipeline } from './pipeline.ts'
import { systemTimers } from './timers.ts'

interface PipelineSurroundings {
  readonly config: Config
  readonly clock: Clock
  readonly log: Log
}

/**
 * The product's pipelines: real ffmpeg, the settings' ladder. Where the ladder is `auto` and the machine was never
 * measured it is measured in the background, and ladders chosen from then on follow it.
 */
export async function createPipelineFactory({
  config,
  clock,
  log,
}: PipelineSurroundings): Promise<LivePipelineFactory> {
  const setting = ladderSettingOf(config.values.HEMICYCLE_LADDER)
  const calibrationFile = join(config.dataDir, 'calibration.json')
  let capacity: Capacity | null = await readCalibration(calibrationFile)
  if (setting === 'auto' && capacity === null) {
    calibrated(calibrationFile).then(
      (measured) => {
        capacity = measured
        log.info({ capacity: measured }, 'the speed of this machine was measured')
      },
      (error: unknown) =>
        log.warn({ err: error, ...reportOf(error) }, 'the speed of this machine could not be measured'),
    )
  }
  return createLivePipeline({
    clock,
    timers: systemTimers,
    startEncoder: startFfmpegEncoder,
    setting,
    capacity: () => capacity,
    sourceMaxBitrateBps: config.values.HEMICYCLE_SOURCE_MAX_BITRATE,
  })
}
