import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { EventStreams } from '../../../site/edge/event-streams.ts'

/** A response that is connected to nobody: what is written to it stays in its queue. */
function response(): ServerResponse {
  const unconnected = new ServerResponse(new IncomingMessage(new Socket()))
  unconnected.on('error', () => undefined)
  return unconnected
}

function streams(): EventStreams {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const opened = new EventStreams()
  onTestFinished(() => opened.close())
  return opened
}

test('a beat goes out every fifteen seconds, news only when it is news', () => {
  const events = streams()
  const reader = response()
  events.add('raad', '1', reader)
  const written = () => reader.writableLength
  const opened = written()
  events.refresh(() => '1')
  expect(written()).toBe(opened)
  events.refresh(() => '2')
  const afterNews = written()
  expect(afterNews).toBeGreaterThan(opened)
  vi.advanceTimersByTime(14_999)
  expect(written()).toBe(afterNews)
  vi.advanceTimersByTime(1)
  expect(written()).toBeGreaterThan(afterNews)
})

test('a reader that takes nothing is given up when 64 KiB wait for it', () => {
  const events = streams()
  const reader = response()
  events.add('raad', '', reader)
  for (let message = 0; message < 10 && !reader.destroyed; message++) {
    events.refresh(() => `${message}`.repeat(10_000))
  }
  expect(reader.destroyed).toBe(true)
})

test('streams about what has become unknown end', () => {
  const events = streams()
  const reader = response()
  events.add('raad', '1', reader)
  events.refresh(() => null)
  expect(reader.writableEnded).toBe(true)
})
