import { describe, expect, it } from 'vitest'
import type { FeedPacket, FeedSample } from '#archive/hls/feed.ts'
import { Gate } from '../../../ingest/gate/gate.ts'

const wallAtZero = 1_700_000_000_000

interface Line {
  /** When what was taken at this time (ms since `wallAtZero`) arrives, likewise. */
  arrival(takenMs: number): number
  fromMs: number
  untilMs: number
}

/** 25 frames and 50 sounds a second, a keyframe every second; the encoder's clock stands at 90,000 when ours is at 0. */
function samples({ arrival, fromMs, untilMs }: Line): FeedSample[] {
  const all: FeedSample[] = []
  for (let takenMs = fromMs; takenMs < untilMs; takenMs += 20) {
    const base = { ptsMs: 90_000 + takenMs, data: new Uint8Array(), arrivedAtMs: wallAtZero + arrival(takenMs) }
    if (takenMs % 40 === 0) all.push({ kind: 'video', dtsMs: base.ptsMs, keyframe: takenMs % 1_000 === 0, ...base })
    all.push({ kind: 'audio', ...base })
  }
  return all.sort((a, b) => a.arrivedAtMs - b.arrivedAtMs)
}

const takenAt = (packet: FeedPacket) => ('ptsMs' in packet ? packet.ptsMs - 90_000 : Number.POSITIVE_INFINITY)
const earliest = (packets: readonly FeedPacket[]) => Math.min(...packets.map(takenAt))
const through = (gate: Gate, packets: readonly FeedPacket[]) => packets.flatMap((packet) => gate.push(packet))

describe('ten seconds in store that come with a new connection', () => {
  // The slower they drain the less they look like a backlog: at 1.05 they take more than three minutes.
  it.each([1.05, 1.1, 1.2, 1.3, 1.5, 2, 5, 50])(
    'at %d times real time: nothing from before the press passes',
    (speed) => {
      const gate = new Gate()
      const pressedMs = -500
      gate.open(wallAtZero + pressedMs)
      const arrival = (takenMs: number) => Math.max((takenMs + 10_000) / speed, takenMs + 100)
      const drainedMs = 10_000 / (speed - 1)
      const admitted = through(gate, samples({ arrival, fromMs: -10_000, untilMs: drainedMs + 30_000 }))
      expect(earliest(admitted)).toBeGreaterThanOrEqual(pressedMs)
      expect(admitted.length).toBeGreaterThan(0)
    },
  )

  it('and a clock that is set back in the middle of them: nothing from before the press passes', () => {
    const gate = new Gate()
    through(gate, samples({ arrival: (takenMs) => takenMs + 100, fromMs: -200_000, untilMs: -100_000 }))
    // The line stands still for 100 s, then delivers a little faster than real time; on the way the encoder's clock steps back.
    gate.open(wallAtZero)
    const arrival = (takenMs: number) => Math.max((takenMs + 100_000) / 1.25, takenMs + 100)
    const late = samples({ arrival, fromMs: -100_000, untilMs: 430_000 }).map((sample): FeedSample => {
      if (sample.ptsMs < 90_000 - 20_000) return sample
      const ptsMs = sample.ptsMs - 50_000
      return sample.kind === 'video' ? { ...sample, ptsMs, dtsMs: ptsMs } : { ...sample, ptsMs }
    })
    const admitted = through(gate, late).filter((packet) => 'ptsMs' in packet)
    expect(earliest(admitted) + 50_000).toBeGreaterThanOrEqual(0)
    expect(admitted.length).toBeGreaterThan(0)
  })
})

describe('sound that comes long after its picture', () => {
  it('and was taken before the press stays outside, however many keyframes have passed', () => {
    const gate = new Gate()
    const soundLagMs = 2_600
    const lagging = (fromMs: number, untilMs: number) =>
      [
        ...samples({ arrival: (takenMs) => takenMs + 100, fromMs, untilMs }).filter(({ kind }) => kind === 'video'),
        ...samples({ arrival: (takenMs) => takenMs + soundLagMs, fromMs, untilMs }).filter(
          ({ kind }) => kind === 'audio',
        ),
      ].sort((a, b) => a.arrivedAtMs - b.arrivedAtMs)
    const all = lagging(0, 20_000)
    const pressedAtMs = wallAtZero + 8_000
    through(
      gate,
      all.filter(({ arrivedAtMs }) => arrivedAtMs < pressedAtMs),
    )
    gate.open(pressedAtMs)
    const admitted = through(
      gate,
      all.filter(({ arrivedAtMs }) => arrivedAtMs >= pressedAtMs),
    )
    expect(earliest(admitted)).toBeGreaterThanOrEqual(8_000)
    expect(admitted.filter(({ kind }) => kind === 'audio').length).toBeGreaterThan(100)
  })
})

describe('a picture whose composition time is broken', () => {
  it('does not open the gate before its time', () => {
    const gate = new Gate()
    const line = { arrival: (takenMs: number) => takenMs + 100 }
    through(gate, samples({ ...line, fromMs: 0, untilMs: 5_000 }))
    gate.open(wallAtZero + 5_900)
    const broken = samples({ ...line, fromMs: 5_000, untilMs: 8_000 }).map((sample) =>
      sample.kind === 'video' && sample.keyframe ? { ...sample, ptsMs: sample.ptsMs + 8_000_000 } : sample,
    )
    expect(through(gate, broken)).toEqual([])
  })
})

describe('a gate that stands open', () => {
  it('shuts and opens anew for a later press: there was a shutting in between that nobody told it of', () => {
    const gate = new Gate()
    const steady = (fromMs: number, untilMs: number) =>
      samples({ arrival: (takenMs) => takenMs + 100, fromMs, untilMs })
    gate.open(wallAtZero - 100_000)
    expect(through(gate, steady(0, 5_000)).length).toBeGreaterThan(300)
    gate.open(wallAtZero + 5_000)
    expect(gate.state).toBe('opening')
    expect(earliest(through(gate, steady(5_000, 10_000)))).toBe(6_000)
  })
})
