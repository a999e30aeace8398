import { describe, expect, it } from 'vitest'
import type { PackagedEvent, RenditionName } from '#archive/hls/packaging.ts'
import { type Seeded, seeded } from '#tests/support/seeded.ts'
import { readTrack } from '../../../transcode/mp4/track-reader.ts'
import { aac, avcC, encoded, type Lab, makeLab, outline, rung360, sound, video } from './span-lab.ts'

/** A feed and encoders that lose, repeat, delay and disorder things, and operators who shed and restart. */
function misbehave({ packager }: Lab, random: Seeded): void {
  const clock = { feed: 1000, encoder: 1000 }
  for (let step = 0; step < 900; step += 1) {
    const dice = random.next()
    if (dice < 0.5) {
      clock.feed += [40, 40, 40, 40, 0, 80, 41, 390][random.below(8)] ?? 40
      packager.push(video(clock.feed, random.next() < 0.05, clock.feed + random.below(3) * 40))
    } else if (dice < 0.7) {
      packager.push(sound(clock.feed + random.below(300) - 150 + (random.next() < 0.01 ? 60_000 : 0)))
    } else if (dice < 0.97) {
      clock.encoder = Math.min(clock.feed + 40, clock.encoder + random.below(120))
      packager.pushEncoded('360p', encoded(clock.encoder, random.next() < 0.1))
    } else if (dice < 0.985) {
      packager.encodedConfig('360p', avcC)
    } else {
      packager.drop('360p')
    }
  }
}

describe('a span in disorder', () => {
  it.each(['source', 'encoded'] as const)('in mode %s still answers for every number once and in order', (mode) => {
    for (let seed = 0; seed < 150; seed += 1) {
      const lab = makeLab({
        mode,
        audio: aac(48_000),
        encoded: [rung360],
        frameRate: seed % 3 ? { num: 25, den: 1 } : null,
      })
      lab.packager.encodedConfig('360p', avcC)
      misbehave(lab, seeded(seed))
      if (seed % 2 === 0) lab.packager.endFeed()
      lab.packager.finish('disconnected')
      expectOrder(lab.events, `seed ${seed}`)
    }
  })
})

function expectOrder(events: readonly PackagedEvent[], seed: string): void {
  expect(events[0]?.type, seed).toBe('span')
  expect(events.at(-1)?.type, seed).toBe('span-end')
  expect(
    events.filter((event) => event.type === 'span' || event.type === 'span-end'),
    seed,
  ).toHaveLength(2)
  const span = events[0]
  if (span?.type !== 'span') return
  const numbers = outline(events, span.master).map(([n]) => n)
  expect(numbers, seed).toEqual(numbers.map((_, index) => 100 + index))
  for (const { name, timescale } of span.renditions) {
    const rows = outline(events, name)
    expect(
      rows.map(([n]) => n),
      `${seed} ${name}`,
    ).toEqual(numbers)
    for (const [, , duration] of rows) expect(duration, `${seed} ${name}`).toBeGreaterThanOrEqual(0)
    checkMedia(events, name, { timescale, seed })
  }
}

function checkMedia(
  events: readonly PackagedEvent[],
  name: RenditionName,
  { timescale, seed }: { timescale: number; seed: string },
): void {
  const init = events.find((event) => event.type === 'init' && event.rendition === name)
  const parts = events.filter((event) => event.type === 'part').filter((event) => event.rendition === name)
  if (parts.length === 0 || init?.type !== 'init') {
    expect(parts, `${seed} ${name}`).toEqual([])
    return
  }
  for (const part of parts) expect(part.durationTicks / timescale, `${seed} ${name}`).toBeLessThanOrEqual(0.42)
  const { samples } = readTrack(init.bytes, ...parts.map((part) => part.bytes))
  samples.reduce((end, sample) => {
    if (sample.dtsTicks < end || sample.durationTicks <= 0) throw new Error(`${seed} ${name} goes back at ${end}`)
    return sample.dtsTicks + sample.durationTicks
  }, 0)
}
