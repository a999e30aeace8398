import { describe, expect, it, onTestFinished } from 'vitest'
import type { Clock } from '#archive/core/clock.ts'
import { createLog } from '#archive/core/log.ts'
import type { StreamFinding } from '#archive/domain/stream-fault.ts'
import { type FeedSources, feedStartMs, type PublishedFeed, publishFeed } from '#tests/support/published-feed.ts'
import { until } from '#tests/support/until.ts'
import { type StreamMonitor, startStreamMonitor } from '../../../transcode/monitor/stream-monitor.ts'

const moving = 'testsrc2=size=640x360:rate=5'
const voice = 'sine=frequency=300:sample_rate=48000,volume=0.6'
/** In both channels, its peaks cut off at full scale where `peak` is above 1. */
const stereoVoice = (peak: number) => {
  const channel = `clip(${peak}*sin(2*PI*300*t),-1,1)`
  return `aevalsrc='${channel}|${channel}':s=48000`
}
/** White noise at -50 dB RMS, as open microphones in an empty chamber give it. */
const roomNoise = 'anoisesrc=colour=white:sample_rate=48000:amplitude=0.00548:seed=7'

/** A clock in the corner of a page of text: digits 12 pixels high in a picture of 360 lines. */
const slide =
  'color=c=white:size=640x360:rate=5,drawtext=text=Mobiliteitsplan:fontsize=40:x=40:y=140,' +
  "drawtext=text='%{pts\\:hms}':fontsize=16:x=560:y=340"
/** The same page, its clock standing still. */
const stillSlide =
  'color=c=white:size=640x360:rate=5,drawtext=text=Mobiliteitsplan:fontsize=40:x=40:y=140,' +
  "drawtext=text='19\\:30\\:00':fontsize=16:x=560:y=340"

interface Listening {
  readonly sources: FeedSources
  readonly feed: PublishedFeed
  readonly monitor: StreamMonitor
  readonly clock: Clock & { nowMs: number }
}

async function listen(sources: FeedSources): Promise<Listening> {
  const feed = await publishFeed(sources)
  const clock = { nowMs: feedStartMs, wallMs: () => clock.nowMs, monotonicMs: () => clock.nowMs }
  const monitor = startStreamMonitor({ address: feed.address, clock, log: createLog('test', 'error'), lookMs: 20 })
  onTestFinished(() => monitor.close())
  return { sources, feed, monitor, clock }
}

const plain = (findings: readonly StreamFinding[]) => findings.map(({ code }) => code).sort()

/** What is found when the whole feed has been decoded; its last second and picture stay in the decoder. */
async function heard({ monitor, sources }: Listening): Promise<string[]> {
  const seconds = sources.sound ? sources.seconds - 2 : 0
  const pictures = sources.picture ? sources.seconds / 2 - 2 : 0
  await until(
    'the feed was decoded',
    () => monitor.measures().seconds >= seconds && monitor.measures().pictures >= pictures,
    60_000,
  )
  return plain(monitor.findings())
}

const feeds: readonly (readonly [string, FeedSources, readonly string[]])[] = [
  ['a voice before a moving picture', { picture: moving, sound: voice, seconds: 48 }, []],
  ['a cut cable', { picture: moving, sound: 'anullsrc=r=48000:cl=stereo', seconds: 48 }, ['SOUND_SILENT']],
  ['the quiet of a real room', { picture: moving, sound: roomNoise, seconds: 48 }, []],
  ['a black picture', { picture: 'color=c=black:size=640x360:rate=5', sound: voice, seconds: 24 }, ['PICTURE_BLACK']],
  [
    'a dark chamber with one lamp',
    {
      picture: `${moving},drawbox=w=iw:h=ih:t=fill:color=0x0c0c0c,drawbox=x=20:y=20:w=150:h=80:t=fill:color=white`,
      sound: voice,
      seconds: 24,
    },
    [],
  ],
  ['a frozen picture', { picture: stillSlide, sound: voice, seconds: 76 }, ['PICTURE_FROZEN']],
  ['a still slide with a moving clock', { picture: slide, sound: voice, seconds: 76 }, []],
  [
    'a voice in the left channel alone',
    { picture: moving, sound: `${voice},pan=stereo|c0=c0|c1=0*c0`, seconds: 48 },
    ['SOUND_ONE_SIDED'],
  ],
  ['the same voice in both channels', { picture: moving, sound: `${voice},pan=stereo|c0=c0|c1=c0`, seconds: 48 }, []],
  ['mono', { picture: moving, sound: voice, channels: 1, seconds: 48 }, []],
  ['a mixer turned up too far', { picture: moving, sound: stereoVoice(3), seconds: 24 }, ['SOUND_CLIPPED']],
  ['a loud voice below the ceiling', { picture: moving, sound: stereoVoice(0.7), seconds: 24 }, []],
  [
    'sound half a second late',
    { picture: moving, sound: voice, soundLateS: 0.5, seconds: 24 },
    ['SOUND_PICTURE_APART'],
  ],
  ['sound two frames late', { picture: moving, sound: voice, soundLateS: 0.04, seconds: 24 }, []],
  ['a stream without sound', { picture: moving, sound: null, seconds: 24 }, []],
  ['sound alone', { picture: null, sound: 'anullsrc=r=48000:cl=stereo', seconds: 48 }, ['SOUND_SILENT']],
]

describe('the monitor of a published stream', () => {
  it.each(feeds)('hears and sees %s', async (_name, sources, expected) => {
    expect(await heard(await listen(sources))).toEqual(expected)
  })

  it('knows since when, and what it measured', async () => {
    const sound = `${voice},volume=0:enable='gt(t,12)'`
    const at = await listen({ picture: moving, sound, seconds: 48 })
    expect(await heard(at)).toEqual(['SOUND_SILENT'])
    const [silence] = at.monitor.findings()
    expect(((silence?.sinceMs ?? 0) - feedStartMs) / 1000).toBeCloseTo(12, -0.5)
    expect(silence?.detail).toBe('below -70 dB')
    expect(at.monitor.measures().sound?.loudnessLufs).toBeLessThan(-70)
  })

  it('says that a playlist stands still', async () => {
    const at = await listen({ picture: moving, sound: voice, seconds: 24 })
    expect(await heard(at)).toEqual([])
    at.clock.nowMs += 12_001
    expect(plain(at.monitor.findings())).toEqual(['STREAM_STALE'])
  })

  it('is blind without an edge, not silent, and sees again when it is back', async () => {
    const at = await listen({ picture: moving, sound: voice, seconds: 48 })
    at.feed.upTo = 4
    await until('something was seen', () => at.monitor.measures().seconds > 12)
    at.feed.failure = 503
    const requests = at.feed.requests
    await until('it was refused', () => at.feed.requests > requests + 3)
    expect(plain(at.monitor.findings())).toEqual([])
    at.clock.nowMs += 15_000
    expect(at.monitor.findings()).toMatchObject([{ code: 'MONITOR_BLIND', detail: expect.stringContaining('503 at ') }])
    at.feed.failure = null
    at.feed.upTo = at.feed.segments
    await until('it sees again', () => at.monitor.findings().length === 0)
    expect(await heard(at)).toEqual([])
  })

  it('is blind, and nothing worse, where nobody listens', async () => {
    const clock = { nowMs: feedStartMs, wallMs: () => clock.nowMs, monotonicMs: () => clock.nowMs }
    const address = 'http://127.0.0.1:9/live/raad/index.m3u8'
    const monitor = startStreamMonitor({ address, clock, log: createLog('test', 'error'), lookMs: 20 })
    onTestFinished(() => monitor.close())
    await until('it has tried', () => {
      clock.nowMs += 1_000
      return plain(monitor.findings()).includes('MONITOR_BLIND')
    })
    expect(plain(monitor.findings())).toEqual(['MONITOR_BLIND'])
  })
})
