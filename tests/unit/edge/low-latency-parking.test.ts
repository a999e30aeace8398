import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { fetchRaw } from '#tests/support/edge-child.ts'
import { until } from '#tests/support/until.ts'
import { type Answer, plainAnswer } from '../../../site/edge/answer.ts'
import { Parking } from '../../../site/edge/parking.ts'

const here = plainAnswer(200, 'here')
const overdue = plainAnswer(503, 'too late')

/** A server whose requests all wait in the lot that their path names, and the hands that move its time and its news. */
async function carPark() {
  let nowMs = 0
  const parking = new Parking({ monotonicMs: () => nowMs })
  const arrived = new Set<string>()
  const looks: string[] = []
  const server = createServer((incoming: IncomingMessage, response: ServerResponse) => {
    const lot = incoming.url ?? ''
    const look = (): Answer | null => {
      looks.push(lot)
      return arrived.has(lot) ? here : null
    }
    parking.park(lot, { request: incoming, response, look, overdue })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    parking.close()
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return {
    parking,
    looks,
    port,
    ask: (path: string) => fetchRaw({ port, path }),
    arrive: (lot: string) => {
      arrived.add(lot)
      parking.wake(lot)
    },
    pass: (ms: number) => {
      nowMs += ms
      parking.sweep()
    },
  }
}

test('all who wait for the same thing are answered when it comes, and nobody else is looked at', async () => {
  const { parking, looks, ask, arrive } = await carPark()
  const asked = ['/a', '/a', '/b'].map(ask)
  await until('all have parked', () => parking.count === 3)
  arrive('/a')
  const answers = await Promise.all(asked.slice(0, 2))
  expect(answers.map(({ status, text }) => [status, text])).toEqual([
    [200, 'here\n'],
    [200, 'here\n'],
  ])
  expect(looks).toEqual(['/a', '/a'])
  expect(parking.count).toBe(1)
  arrive('/b')
  expect((await asked[2])?.status).toBe(200)
})

test('waking several times before the turn ends looks once', async () => {
  const { parking, looks, ask, arrive } = await carPark()
  const asked = ask('/a')
  await until('it has parked', () => parking.count === 1)
  for (let part = 0; part < 5; part++) parking.wake('/a')
  arrive('/a')
  expect((await asked).status).toBe(200)
  expect(looks).toEqual(['/a'])
})

test('who has waited for three target durations is told 503, those who came later wait on', async () => {
  const { parking, ask, pass, arrive } = await carPark()
  const first = ask('/a')
  await until('it has parked', () => parking.count === 1)
  pass(6000)
  const second = ask('/a')
  await until('both have parked', () => parking.count === 2)
  pass(5999)
  expect(parking.count).toBe(2)
  pass(1)
  expect((await first).text).toBe('too late\n')
  expect(parking.count).toBe(1)
  arrive('/a')
  expect((await second).status).toBe(200)
})

test('who goes away leaves nothing behind', async () => {
  const { parking, port, looks, arrive } = await carPark()
  const asked = request({ host: '127.0.0.1', port, path: '/a', agent: false })
  asked.on('error', () => undefined)
  asked.end()
  await until('it has parked', () => parking.count === 1)
  asked.destroy()
  await until('it has left', () => parking.count === 0)
  arrive('/a')
  expect(looks).toEqual([])
})

test('when the process ends, everybody is sent away at once', async () => {
  const { parking, ask } = await carPark()
  const asked = [ask('/a'), ask('/b')]
  await until('both have parked', () => parking.count === 2)
  parking.close()
  expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([503, 503])
})
