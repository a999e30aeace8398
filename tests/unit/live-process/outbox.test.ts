import { describe, expect, it } from 'vitest'
import { newId } from '#archive/core/ids.ts'
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

  it('knows whether a command for a meeting is among them', () => {
    const outbox = new Outbox()
    const meeting = newId<'meeting'>()
    const { seq } = outbox.add({
      kind: 'command',
      command: { id: newId(), meeting, atMs: 1, by: 'cli', action: { kind: 'end' } },
    })
    expect(outbox.holdsCommandFor(meeting)).toBe(true)
    expect(outbox.holdsCommandFor(newId())).toBe(false)
    outbox.taken(seq)
    expect(outbox.holdsCommandFor(meeting)).toBe(false)
  })
})
