import { describe, expect, it } from 'vitest'
import { seededRandom } from '#tests/support/seeded-random.ts'
import { grid, PictureWatch } from '../../../transcode/monitor/picture-watch.ts'

const startMs = Date.UTC(2026, 10, 23, 18, 30)
const cells = grid.width * grid.height

type Picture = (index: number) => Uint8Array

const flat =
  (luma: number): Picture =>
  () =>
    new Uint8Array(cells).fill(luma)

/** What encoding the same picture again does to it. */
const grainy =
  (luma: number, grain: number): Picture =>
  (index) => {
    const random = seededRandom(index + 1)
    return Uint8Array.from({ length: cells }, () => luma + Math.round((random() * 2 - 1) * grain))
  }

/** A slide in whose corner some cells change with every picture. */
const clock =
  (changing: number): Picture =>
  (index) => {
    const picture = new Uint8Array(cells).fill(200)
    for (let cell = 0; cell < changing; cell += 1) picture[cell] = index % 2 === 0 ? 200 : 120
    return picture
  }

const lamp: Picture = () => {
  const picture = new Uint8Array(cells).fill(20)
  return picture.fill(180, 0, Math.ceil(cells * 0.03))
}

/** Daylight that fades by one step with every picture. */
const dusk: Picture = (index) => new Uint8Array(cells).fill(220 - index)

/** Pictures two seconds apart, from the beginning on. */
function watched(...parts: readonly (readonly [seconds: number, picture: Picture])[]) {
  const watch = new PictureWatch()
  let index = 0
  for (const [seconds, picture] of parts) {
    for (let second = 0; second < seconds; second += 2) {
      watch.see(picture(index), startMs + index * 2000)
      index += 1
    }
  }
  return watch.findings().map(({ code, sinceMs }) => [code, (sinceMs - startMs) / 1000])
}

describe('a picture', () => {
  it.each([
    ['black for ten seconds is black', watched([12, flat(16)]), [['PICTURE_BLACK', 0]]],
    ['black for less is not', watched([10, flat(16)]), []],
    ['black since a while is black since then', watched([20, clock(9)], [40, flat(16)]), [['PICTURE_BLACK', 20]]],
    ['black for long is black and not frozen as well', watched([120, flat(16)]), [['PICTURE_BLACK', 0]]],
    ['black with a lamp in it stands still', watched([64, lamp]), [['PICTURE_FROZEN', 0]]],
    ['that came back is none of it', watched([30, flat(16)], [2, clock(9)]), []],
    ['that stands still for a minute is frozen', watched([62, flat(120)]), [['PICTURE_FROZEN', 0]]],
    ['that stands still for less is not', watched([60, flat(120)]), []],
    ['frozen is frozen through what its encoder adds', watched([62, grainy(120, 6)]), [['PICTURE_FROZEN', 0]]],
    ['frozen since a while is frozen since then', watched([40, clock(9)], [62, flat(90)]), [['PICTURE_FROZEN', 40]]],
    ['of a slide with a clock is alive', watched([120, clock(3)]), []],
    ['that changes slowly is alive', watched([120, dusk]), []],
  ])('%s', (_name, found, expected) => {
    expect(found).toEqual(expected)
  })
})
