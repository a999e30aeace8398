import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { avcConfigTag, avcTag } from '#tests/support/rtmp-bytes.ts'
import { RtmpClient } from '#tests/support/rtmp-client.ts'
import { until } from '#tests/support/until.ts'
import type { IngestMeasure, IngestReady } from './ingest-process.ts'
import { craftedConversations, malformedConversation, pieces, unfinished } from './malformed-conversations.ts'

const seed = 20_260_101
const mib = 2 ** 20
/** A client whose bytes leave the server waiting hangs up after this. */
const patienceMs = 40

let ingest: ChildProcess
let port: number
let encoder: RtmpClient
let framesSent: number
let stream: NodeJS.Timeout

beforeEach(async () => {
  ingest = fork(new URL('./ingest-process.ts', import.meta.url), { execArgv: ['--expose-gc'] })
  const [ready] = (await once(ingest, 'message')) as [IngestReady]
  port = ready.port
  const { client } = await RtmpClient.publish(port, 'good-key')
  encoder = client
  framesSent = 0
  encoder.video(0, avcConfigTag())
  stream = setInterval(() => {
    encoder.video(framesSent * 40, avcTag(Buffer.alloc(1_000)))
    framesSent += 1
  }, 40)
})

afterEach(async () => {
  clearInterval(stream)
  encoder.destroy()
  if (ingest.exitCode !== null || ingest.signalCode !== null) return
  ingest.disconnect()
  await once(ingest, 'exit')
})

async function measure(): Promise<IngestMeasure> {
  ingest.send('measure')
  const answered = once(ingest, 'message') as Promise<[IngestMeasure]>
  const died = once(ingest, 'exit').then(() => {
    throw new Error('the ingest process has died')
  })
  const [answer] = await Promise.race([answered, died])
  return answer
}

/** When every connection but the good encoder's is gone. */
const settled = () =>
  until('the connections are gone', async () => {
    const answer = await measure()
    return answer.connections === 1 ? answer : null
  })

/** Says its piece and waits until the server hangs up, or until it has heard nothing for a while. */
function converse(input: Buffer, pieceSeed: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    const patience = setTimeout(() => socket.destroy(), patienceMs)
    socket.on('data', () => patience.refresh())
    socket.on('error', () => {})
    socket.on('close', () => {
      clearTimeout(patience)
      resolve()
    })
    for (const piece of pieces(input, pieceSeed)) socket.write(piece)
  })
}

async function converseAll(from: number, until: number): Promise<void> {
  let next = from
  const one = async () => {
    while (next < until) {
      const number = next++
      await converse(malformedConversation(seed + number, 'fuzz-key'), seed + number)
    }
  }
  await Promise.all(Array.from({ length: 16 }, one))
}

async function expectEncoderUndisturbed(): Promise<void> {
  clearInterval(stream)
  const after = await until('every frame of the encoder', async () => {
    const answer = await measure()
    return answer.goodFrames === framesSent ? answer : null
  })
  expect(after.goodSessions).toBe(1)
  expect(after.longestGapMs).toBeLessThan(1_500)
  expect(encoder.socket.destroyed).toBe(false)
}

describe('malformed RTMP', () => {
  it('of 2,000 conversations ends no process, holds no memory and no descriptor, and disturbs no encoder', async () => {
    await converseAll(0, 400)
    const before = await settled()
    await converseAll(400, 2_000)
    // Buffers are given back a little after the collection that found them unused.
    const after = await until('the memory is given back', async () => {
      const answer = await settled()
      return answer.heldBytes - before.heldBytes < 4 * mib ? answer : null
    })
    expect(ingest.exitCode).toBeNull()
    expect(after.descriptors).toBe(before.descriptors)
    // The mutations must reach past the key as well as break before it.
    expect(after.verified).toBeGreaterThan(200)
    expect(after.codes.INGEST_PROTOCOL).toBeGreaterThan(200)
    await expectEncoderUndisturbed()
  })

  it('that reaches each known weakness of the parser is survived', async () => {
    const survived: string[] = []
    const conversations = craftedConversations('fuzz-key')
    for (const [name, input] of conversations) {
      await converse(input, 0)
      if ((await measure()).goodSessions === 1) survived.push(name)
    }
    expect(survived).toEqual([...conversations.keys()])
    await settled()
    await expectEncoderUndisturbed()
  })

  it('leaves nothing behind of messages that were never finished', async () => {
    const before = await settled()
    const clients = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const { client } = await RtmpClient.publish(port, 'fuzz-key')
        for (const id of [6, 7, 8, 9]) client.write(unfinished(9, 8_000_000, id, client.chunkSize))
        return client
      }),
    )
    await Promise.all(clients.map((client) => client.closed))
    // Buffers are given back a little after the collection that found them unused.
    const after = await until('the memory is given back', async () => {
      const answer = await settled()
      return answer.heldBytes - before.heldBytes < 4 * mib ? answer : null
    })
    expect(after.descriptors).toBe(before.descriptors)
    expect(after.codes.INGEST_PROTOCOL).toBe(20)
  })
})
