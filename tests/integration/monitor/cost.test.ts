import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { systemClock } from '#archive/core/clock.ts'
import { createLog } from '#archive/core/log.ts'
import { publishFeed } from '#tests/support/published-feed.ts'
import { until } from '#tests/support/until.ts'
import { startStreamMonitor } from '../../../transcode/monitor/stream-monitor.ts'

/** Clock ticks a second in /proc. */
const ticks = 100

/** CPU-seconds of this process, and of its children that have ended. */
function spent(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? []
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) / ticks
}

it('listens to a 360p stream with sound for less than 3 % of a core, its ffmpeg and the origin of this test included', async () => {
  const seconds = 240
  const feed = await publishFeed({
    picture: 'testsrc2=size=640x360:rate=25',
    sound: 'anoisesrc=sample_rate=48000:amplitude=0.1:seed=3',
    seconds,
  })
  const before = spent()
  const log = createLog('test', 'error')
  const monitor = startStreamMonitor({ address: feed.address, clock: systemClock(), log, lookMs: 200 })
  await until('the feed was decoded', () => monitor.measures().seconds >= seconds - 2, 60_000)
  await monitor.close()
  const share = (spent() - before) / seconds
  console.log(JSON.stringify({ mediaSeconds: seconds, cpuShare: share }))
  expect(share).toBeGreaterThan(0)
  expect(share).toBeLessThan(0.03)
})
