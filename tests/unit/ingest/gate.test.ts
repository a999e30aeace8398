import { describe, expect, it } from 'vitest'
import type { FeedPacket, FeedSample } from '#archive/hls/feed.ts'
import { Gate } from '../../../ingest/gate/gate.ts'

const wallAtZero = 1_700_000_000_000
const second = 1_000

interface Encoder {
  /** When a sample taken at this time (ms since `wallAtZero`) arrives, likewise. */
  arrival(takenMs: number): number
  fromMs: number
  untilMs: number
}

/** 25 frames and 50 sounds a second, a keyframe every 2 s; the encoder's clock starts at 90,000 when ours is at 0. */
function samples({ arrival, fromMs, untilMs }: Encoder): FeedSample[] {
  const all: FeedSample[] = []
  for (let takenMs = fromMs; takenMs < untilMs; takenMs += 20) {
    const base = { ptsMs: 90_000 + takenMs, data: new Uint8Array(), arrivedAtMs: wallAtZero + arrival(takenMs) }
    if (takenMs % 40 === 0) all.push({ kind: 'video', dtsMs: base.ptsMs, keyframe: takenMs % 2_000 === 0, ...base })
    all.push({ kind: 'audio', ...base })
  }
  return all.sort((a, b) => a.arrivedAtMs - b.arrivedAtMs)
}

const steady = (fromMs: number, untilMs: number, delayMs = 100) =>
  samples({ arrival: (takenMs) => takenMs + delayMs, fromMs, untilMs })

const takenAt = (packet: FeedPacket | undefined) => (packet && 'ptsMs' in packet ? packet.ptsMs - 90_000 : null)

const videoConfig: FeedPacket = { kind: 'video-config', codec: 'h264', data: Uint8Array.of(1), arrivedAtMs: wallAtZero }
const audioConfig: FeedPacket = { kind: 'audio-config', codec: 'aac', data: Uint8Array.of(2), arrivedAtMs: wallAtZero }

const through = (gate: Gate, packets: readonly FeedPacket[]) => packets.flatMap((packet) => gate.push(packet))

describe('a shut gate', () => {
  it('is how a gate begins, and lets nothing but configurations pass', () => {
    const gate = new Gate()
    expect(gate.state).toBe('shut')
    expect(through(gate, [videoConfig, audioConfig, ...steady(0, 3 * second)])).toEqual([videoConfig, audioConfig])
  })

  it('drops whatever arrives after it was shut, at once', () => {
    const gate = new Gate()
    gate.open(wallAtZero - 120 * second)
    expect(through(gate, steady(0, 1_000))).toHaveLength(75)
    gate.shut()
    expect(through(gate, steady(1_000, 5_000))).toEqual([])
  })

  it('keeps nothing of what it dropped: the next opening begins with the configurations and a new keyframe', () => {
    const gate = new Gate()
    through(gate, [videoConfig, audioConfig, ...steady(0, 5_000)])
    gate.open(wallAtZero + 5_050)
    const admitted = through(gate, steady(5_000, 9_000))
    expect(admitted.slice(0, 2)).toEqual([videoConfig, audioConfig])
    expect(admitted[2]).toMatchObject({ kind: 'video', keyframe: true, ptsMs: 96_000 })
  })
})

describe('an opening gate', () => {
  it.each([
    ['a press between two keyframes', 4_500, 6_000],
    ['a press just after a keyframe', 4_020, 6_000],
    ['a press just before a keyframe, nearer than encoder and line may take', 5_720, 8_000],
  ])('%s: begins with the first keyframe that was surely taken after it', (_name, pressedMs, expectedMs) => {
    const gate = new Gate()
    const before = steady(0, pressedMs - 100)
    through(gate, before)
    gate.open(wallAtZero + pressedMs)
    const admitted = through(gate, steady(pressedMs - 100, 12_000))
    expect(takenAt(admitted[0])).toBe(expectedMs)
    expect(admitted[0]).toMatchObject({ kind: 'video', keyframe: true })
  })

  it('lets in no sound from before its first keyframe, however it is interleaved', () => {
    const gate = new Gate()
    through(gate, steady(0, 4_000))
    gate.open(wallAtZero + 4_200)
    const late: FeedSample[] = steady(4_000, 8_000).map((sample) =>
      sample.kind === 'audio' ? { ...sample, ptsMs: sample.ptsMs - 700 } : sample,
    )
    const admitted = through(gate, late)
    expect(takenAt(admitted[0])).toBe(6_000)
    expect(Math.min(...admitted.map((packet) => takenAt(packet) ?? 0))).toBe(6_000)
  })

  it('leaves out pictures that lean on what lies before the first keyframe', () => {
    const gate = new Gate()
    gate.open(wallAtZero - 120 * second)
    const frame = (ptsMs: number, keyframe: boolean): FeedPacket => ({
      kind: 'video',
      dtsMs: ptsMs,
      ptsMs,
      keyframe,
      data: new Uint8Array(),
      arrivedAtMs: wallAtZero,
    })
    const admitted = through(gate, [frame(2_000, true), frame(1_960, false), frame(2_040, false)])
    expect(admitted.map((packet) => ('ptsMs' in packet ? packet.ptsMs : null))).toEqual([2_000, 2_040])
  })

  it('goes on after the encoder set its clock back, from the next keyframe', () => {
    const gate = new Gate()
    gate.open(wallAtZero - 120 * second)
    through(gate, steady(0, 4_000))
    const setBack = steady(4_000, 8_000).map((sample) =>
      sample.kind === 'video'
        ? { ...sample, ptsMs: sample.ptsMs - 90_000, dtsMs: sample.dtsMs - 90_000 }
        : { ...sample, ptsMs: sample.ptsMs - 90_000 },
    )
    expect(through(gate, setBack)).toHaveLength(setBack.length)
  })
})

describe('an encoder with a backlog', () => {
  /** Steady until 20 s; then the line stands still for 10 s, and what was in store arrives at four times the speed. */
  const stalled = (takenMs: number) => {
    if (takenMs < 20_000) return takenMs + 100
    const drained = 30_000 + (takenMs - 20_000) / 4
    return Math.max(drained, takenMs + 100)
  }

  it.each([
    ['pressed while the line stood still', 25_000, 26_000],
    ['pressed while the backlog arrives', 31_000, 32_000],
  ])('%s: what was taken before the press stays outside though it arrives after', (_name, pressedMs, expectedMs) => {
    const gate = new Gate()
    const all = samples({ arrival: stalled, fromMs: 0, untilMs: 40_000 })
    const [before, after] = [
      all.filter(({ arrivedAtMs }) => arrivedAtMs < wallAtZero + pressedMs),
      all.filter(({ arrivedAtMs }) => arrivedAtMs >= wallAtZero + pressedMs),
    ]
    through(gate, before)
    gate.open(wallAtZero + pressedMs)
    const admitted = through(gate, after)
    expect(takenAt(admitted[0])).toBe(expectedMs)
    expect(admitted.every((packet) => (takenAt(packet) ?? 0) >= expectedMs)).toBe(true)
  })

  it('that came with the connection is told apart: the opening waits until it has drained', () => {
    const gate = new Gate()
    const pressedMs = -2_000
    gate.open(wallAtZero + pressedMs)
    // Connects at 0 with the last 10 s in store, sent at five times the speed: on time again from 2.5 s on.
    const arrival = (takenMs: number) => Math.max((takenMs + 10_000) / 5, takenMs + 100)
    const admitted = through(gate, samples({ arrival, fromMs: -10_000, untilMs: 30_000 }))
    expect(takenAt(admitted[0])).toBeGreaterThanOrEqual(pressedMs)
    expect(admitted.every((packet) => (takenAt(packet) ?? 0) >= pressedMs)).toBe(true)
    expect(admitted.length).toBeGreaterThan(0)
  })
})

describe('a press that cannot be placed', () => {
  it('waits while a backlog drains, and lets nothing from before the press in', () => {
    const gate = new Gate()
    const arrival = (takenMs: number) => takenMs + 100 + Math.max(0, 3_000 - takenMs)
    through(gate, samples({ arrival, fromMs: 0, untilMs: 4_000 }))
    gate.open(wallAtZero + 4_100)
    expect(gate.state).toBe('opening')
    const admitted = through(gate, steady(4_000, 30_000))
    expect(takenAt(admitted[0])).toBeGreaterThanOrEqual(4_100)
    expect(gate.isStuck).toBe(false)
  })

  it('asks for a new connection after twenty seconds in which the backlog never stopped draining', () => {
    const gate = new Gate()
    // Sent at 1.1 times real time out of a store of a minute: it has not caught up for ten minutes.
    const arrival = (takenMs: number) => takenMs / 1.1 + 60_000
    through(gate, samples({ arrival, fromMs: 0, untilMs: 4_000 }))
    gate.open(wallAtZero + arrival(4_000))
    expect(through(gate, samples({ arrival, fromMs: 4_000, untilMs: 20_000 }))).toEqual([])
    expect(gate.isStuck).toBe(false)
    expect(through(gate, samples({ arrival, fromMs: 20_000, untilMs: 30_000 }))).toEqual([])
    expect(gate.isStuck).toBe(true)
    gate.shut()
    expect(gate.isStuck).toBe(false)
  })

  it.each([
    ['too few packets', 200],
    ['less than a second observed', 900],
  ])(
    '%s before the press: waits until the clock is known, and lets nothing from before the press in',
    (_name, untilMs) => {
      const gate = new Gate()
      through(gate, steady(0, untilMs))
      const pressedMs = untilMs + 150
      gate.open(wallAtZero + pressedMs)
      const admitted = through(gate, steady(untilMs, 6_000))
      expect(takenAt(admitted[0])).toBeGreaterThanOrEqual(pressedMs)
      expect(admitted.length).toBeGreaterThan(0)
    },
  )

  it('does not arise for a connection that came a minute after the press: it is let in from its first keyframe', () => {
    const gate = new Gate()
    gate.open(wallAtZero - 60 * second)
    const admitted = through(gate, [videoConfig, ...steady(0, 200)])
    expect(takenAt(admitted.at(1))).toBeNull()
    expect(takenAt(admitted.at(2))).toBe(0)
    expect(gate.state).toBe('open')
  })

  it('waits for a connection that came just after the press until its clock is known', () => {
    const gate = new Gate()
    gate.open(wallAtZero - 3_000)
    expect(through(gate, steady(0, 900))).toEqual([])
    expect(takenAt(through(gate, steady(900, 4_000))[0])).toBe(2_000)
  })
})
