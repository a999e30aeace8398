import { describe, expect, it } from 'vitest'
import { FrameGrid, gridTimescale } from '../../../transcode/packager/frame-grid.ts'
import { snapFrameRate } from '../../../transcode/packager/frame-rate.ts'
import { rate } from './span-lab.ts'

describe('the frame grid', () => {
  it.each([
    [rate(24_000, 1001), 24_000, 1001],
    [rate(25), 25_000, 1000],
    [rate(30_000, 1001), 30_000, 1001],
    [rate(60), 60_000, 1000],
    [rate(25, 2), 25_000, 2000],
    [null, 90_000, null],
  ])('of %o counts in ticks of which a frame is a whole number', (frameRate, timescale, frameTicks) => {
    expect(gridTimescale(frameRate)).toBe(timescale)
    expect(new FrameGrid(frameRate).frameTicks).toBe(frameTicks)
  })

  it('takes rounded NTSC milliseconds back to exact frames for hours', () => {
    const grid = new FrameGrid(rate(30_000, 1001))
    const hours = 6 * 3600 * 30
    for (let index = 0; index < hours; index += 1) {
      const ticks = grid.place(12_345 + Math.round((index * 1001) / 30))
      if (ticks !== index * 1001) throw new Error(`frame ${index} at ${ticks}`)
    }
    expect(grid.place(12_345 + Math.round((hours * 1001) / 30))).toBe(hours * 1001)
  })

  it('follows a camera whose clock drifts, never further than 5 ms from its times', () => {
    const grid = new FrameGrid(rate(25))
    const placed = Array.from({ length: 10_000 }, (_, index) => {
      const ms = Math.round(index * 40.02)
      return { ms, ticks: grid.place(ms) }
    })
    expect(Math.max(...placed.map(({ ms, ticks }) => Math.abs(ticks / 25 - ms)))).toBe(5)
    expect(placed.at(-1)?.ticks).toBeGreaterThan(9999 * 1000)
  })

  it('answers later ticks for every frame even when two have the same time', () => {
    const grid = new FrameGrid(rate(25))
    expect([0, 40, 40, 41, 80].map((ms) => grid.place(ms))).toEqual([0, 1000, 1001, 1025, 2025])
  })

  it('takes composition offsets to whole frames within 5 ms', () => {
    const grid = new FrameGrid(rate(25))
    expect([0, 78, 83, 60].map((ms) => grid.placeOffset(ms))).toEqual([0, 2000, 2000, 1500])
  })
})

describe('a measured frame rate', () => {
  it.each([
    [29.971, null, rate(30_000, 1001)],
    [30.001, null, rate(30)],
    [59.94, null, rate(60_000, 1001)],
    [23.977, null, rate(24_000, 1001)],
    [12.51, null, rate(25, 2)],
    [27.4, null, null],
    [24.99, rate(25), rate(25)],
    [29.98, rate(2997, 100), rate(2997, 100)],
    [15.0, rate(30), rate(15)],
  ])('of %d, claimed as %o, is %o', (fps, claimed, expected) => {
    expect(snapFrameRate(fps, claimed)).toEqual(expected)
  })
})
