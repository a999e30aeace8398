import { expect, test } from 'vitest'
import type { Capacity } from '../../../transcode/ladder/capacity.ts'
import { chooseLadder, type LadderRequest, ladderSettingOf } from '../../../transcode/ladder/choice.ts'

const square = { num: 1, den: 1 }
const fullHd = { width: 1920, height: 1080, sar: square }
const machine = (cores: number): Capacity => ({
  cores,
  decodePerMegapixel: 0.002,
  encodePerMegapixel: { '1080p': 0.012, '720p': 0.013, '480p': 0.016, '360p': 0.018 },
})
const request = (given: Partial<LadderRequest>): LadderRequest => ({
  picture: fullHd,
  framesPerSecond: 25,
  top: 'source',
  setting: 'auto',
  capacity: null,
  steps: 0,
  ...given,
})
const names = (given: Partial<LadderRequest>) => chooseLadder(request(given)).map(({ name }) => name)
const sizes = (given: Partial<LadderRequest>) =>
  chooseLadder(request(given)).map(({ name, width, height }) => `${name} ${width}x${height}`)

test('a machine never measured gets the two lowest beside the source', () => {
  expect(sizes({})).toEqual(['480p 854x480', '360p 640x360'])
})

test('a measured machine gets as many as it carries, from the lowest up', () => {
  expect(names({ capacity: machine(0.3) })).toEqual([])
  expect(names({ capacity: machine(0.4) })).toEqual(['360p'])
  expect(names({ capacity: machine(1) })).toEqual(['480p', '360p'])
  expect(names({ capacity: machine(4) })).toEqual(['720p', '480p', '360p'])
})

test('twice the frames are twice the work', () => {
  expect(names({ capacity: machine(1), framesPerSecond: 50 })).toEqual(['360p'])
  expect(names({ capacity: machine(2), framesPerSecond: 50 })).toEqual(['480p', '360p'])
})

test('none means the source alone, a list means what it says below the source', () => {
  expect(names({ setting: 'none' })).toEqual([])
  expect(names({ setting: ['1080p', '720p', '360p'] })).toEqual(['720p', '360p'])
  expect(names({ setting: ['720p'], picture: { width: 1280, height: 720, sar: square } })).toEqual([])
})

test('where the top is encoded it is the highest that the machine carries', () => {
  expect(names({ top: 'encoded', setting: 'none', capacity: machine(8) })).toEqual(['1080p'])
  expect(names({ top: 'encoded', setting: 'none', capacity: machine(1) })).toEqual(['720p'])
  expect(names({ top: 'encoded', setting: 'none', capacity: machine(0.01) })).toEqual(['360p'])
  expect(names({ top: 'encoded', capacity: machine(8) })).toEqual(['1080p', '720p', '480p', '360p'])
  expect(names({ top: 'encoded' })).toEqual(['720p', '480p', '360p'])
  expect(names({ top: 'encoded', setting: ['480p', '360p'] })).toEqual(['720p', '480p', '360p'])
})

test('nothing is larger than the source, and a small source keeps its size', () => {
  const small = { width: 321, height: 241, sar: square }
  expect(names({ picture: small })).toEqual([])
  expect(sizes({ picture: small, top: 'encoded' })).toEqual(['360p 320x240'])
  expect(sizes({ picture: { width: 1024, height: 576, sar: square }, top: 'encoded' })).toEqual([
    '720p 1024x576',
    '480p 854x480',
    '360p 640x360',
  ])
})

test('a portrait source has portrait renditions', () => {
  expect(sizes({ picture: { width: 1080, height: 1920, sar: square } })).toEqual(['480p 480x854', '360p 360x640'])
})

test('pixels that are not square become square', () => {
  const pal = { width: 720, height: 576, sar: { num: 64, den: 45 } }
  expect(sizes({ picture: pal })).toEqual(['480p 854x480', '360p 640x360'])
})

test('odd aspects give even sides', () => {
  expect(sizes({ picture: { width: 1366, height: 768, sar: square } })).toEqual(['480p 854x480', '360p 640x360'])
  expect(sizes({ picture: { width: 1000, height: 562, sar: square } })).toEqual(['480p 854x480', '360p 640x360'])
})

test('each step beside the source takes the costliest away', () => {
  const steps = [0, 1, 2, 3].map((count) => names({ setting: ['720p', '480p', '360p'], steps: count }))
  expect(steps).toEqual([['720p', '480p', '360p'], ['480p', '360p'], ['360p'], []])
})

test('each step of an encoded ladder makes it cheaper and leaves the last rendition', () => {
  const steps = [0, 1, 2, 3, 9].map((count) => names({ top: 'encoded', setting: ['480p', '360p'], steps: count }))
  expect(steps).toEqual([['720p', '480p', '360p'], ['720p', '360p'], ['480p', '360p'], ['360p'], ['360p']])
})

test('level and codecs follow size and frame rate', () => {
  const codecs = (framesPerSecond: number) =>
    chooseLadder(request({ top: 'encoded', framesPerSecond, capacity: machine(64) })).map((one) => one.codecs)
  expect(codecs(25)).toEqual(['avc1.640028', 'avc1.64001f', 'avc1.4d401e', 'avc1.4d401e'])
  expect(codecs(60)).toEqual(['avc1.64002a', 'avc1.640020', 'avc1.4d401f', 'avc1.4d401f'])
})

test('bitrates shrink with the picture and grow with the frame rate', () => {
  const bitrates = (given: Partial<LadderRequest>) => chooseLadder(request(given)).map((one) => one.bitrateBps)
  expect(bitrates({})).toEqual([1_200_000, 700_000])
  expect(bitrates({ framesPerSecond: 50 })).toEqual([1_800_000, 1_050_000])
  expect(bitrates({ picture: { width: 960, height: 720, sar: square } })).toEqual([900_000, 530_000])
})

test('a setting is read from the top down whatever its order', () => {
  expect(ladderSettingOf('auto')).toBe('auto')
  expect(ladderSettingOf('none')).toBe('none')
  expect(ladderSettingOf('360p,720p')).toEqual(['720p', '360p'])
})
