import { expect, it } from 'vitest'
import { readStamp, StampedPicture, stampCells, stampLayout } from '../../bench/latency-stamp.ts'

const time = Date.UTC(2026, 10, 22, 19, 30, 0, 123)
const brightness = (cells: readonly boolean[]) => cells.map((isWhite) => (isWhite ? 230 : 20))

it('says a time in cells and reads it again', () => {
  expect(stampCells(time)).toHaveLength(stampLayout.cells)
  expect(readStamp(brightness(stampCells(time)))).toBe(time)
})

it.each([0, 20, 43, 47])('reads no time where cell %i was misread', (cell) => {
  const cells = stampCells(time)
  expect(readStamp(brightness(cells.with(cell, !cells[cell])))).toBeNull()
})

it.each([
  [1280, 720],
  [640, 360],
])('paints the cells where the layout says, at %i by %i', (width, height) => {
  const frame = new StampedPicture(width, height).frame(7, time)
  expect(frame).toHaveLength((width * height * 3) / 2)
  const y = Math.floor((stampLayout.cellHeight * height) / 2)
  const middle = (cell: number) => frame[y * width + Math.round((cell + 0.5) * stampLayout.cellWidth * width)] ?? 0
  expect(readStamp(Array.from({ length: stampLayout.cells }, (_, cell) => middle(cell)))).toBe(time)
})
