import { join } from 'node:path'
import type { Clock } from '#archive/core/clock.ts'
import type { Config } from '#archive/core/config.ts'
import { reportOf } from '#archive/core/errors.ts'
import type { Log } from '#archive/core/log.ts'
import type { LivePipelineFactory } from '#archive/hls/packaging.ts'
import { calibrated } from '../ladder/calibration.ts'
import type { Capacity } from '../ladder/capacity.ts'
import { ladderSettingOf } from '../ladder/choice.ts'
import { startFfmpegEncoder } from './ffmpeg-encoder.ts'
import { createLivePipeline } from './pipeline.ts'
import { systemTimers } from './timers.ts'

/**
 * The pipelines as the settings ask for them. With the ladder on `auto` the machine is measured once, in the
 * background and at low priority; until that is known the source goes out alone.
 */
export function openPipelines(config: Config, { clock, log }: { clock: Clock; log: Log }): LivePipelineFactory {
  const setting = ladderSettingOf(config.ladder)
  let capacity: Capacity | null = null
  if (setting === 'auto') {
    calibrated(join(config.dataDir, 'calibration.json')).then(
      (measured) => {
        capacity = measured
        log.info({ cores: measured.cores }, 'the machine is measured')
      },
      (error: unknown) =>
        log.warn({ ...reportOf(error) }, 'the machine could not be measured: the source goes out alone'),
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
