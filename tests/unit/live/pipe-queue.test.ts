import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { PipeQueue } from '../../../transcode/live/pipe-queue.ts'

/** A pipe that takes four bytes and then waits until it is read. */
function slowPipe() {
  const written: string[] = []
  let resume = () => {}
  const pipe = new Writable({
    highWaterMark: 4,
    write: (chunk: Buffer, _encoding, done) => {
      written.push(chunk.toString())
      resume = done
    },
  })
  const read = async () => {
    resume()
    await new Promise((wake) => setImmediate(wake))
  }
  return { pipe, written, read }
}

test('what the pipe does not take waits in order, and the end comes last', async () => {
  const { pipe, written, read } = slowPipe()
  const queue = new PipeQueue(pipe, 1_000)
  for (const [i, text] of ['aaaa', 'bbbb', 'cccc'].entries()) expect(queue.push(i * 40, Buffer.from(text))).toBe(true)
  queue.end()
  expect(written).toEqual(['aaaa'])
  expect(pipe.writableEnded).toBe(false)
  for (let i = 0; i < 3; i += 1) await read()
  expect(written).toEqual(['aaaa', 'bbbb', 'cccc'])
  expect(pipe.writableEnded).toBe(true)
})

test('more than the limit is refused and not kept', () => {
  const { pipe } = slowPipe()
  const queue = new PipeQueue(pipe, 1_000)
  const answers = [0, 100, 600, 1_100, 1_101, 5_000].map((ms) => queue.push(ms, Buffer.from('aaaa')))
  expect(answers).toEqual([true, true, true, true, false, false])
})
