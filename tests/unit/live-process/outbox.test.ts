import { describe, expect, it } from 'vitest'
import { Outbox } from '../../../ingest/catalogue/outbox.ts'

describe('the outbox towards the catalogue', () => {
  it('keeps notes in order until they are taken', () => {
    const outbox = new Outbox()
    const [first, second] = [
      outbox.add({ kind: 'stale-sessions', atMs: 1 }),
      outbox.add({ kind: 'stale-sessions', atMs: 2 }),
    ]
    expect(outbox.waiting()).toEqual([first, second])
    outbox.taken(first.seq)
    expect(outbox.waiting()).toEqual([second])
    outbox.taken(second.seq)
    expect(outbox.waiting()).toEqual([])
  })

  it('remembers how far the catalogue has come, whatever order it is told in', () => {
    const outbox = new Outbox()
    outbox.taken(4)
    outbox.taken(2)
    expect(outbox.takenSeq).toBe(4)
  })
})
