import { expect, test } from 'vitest'
import { meetingById } from '#archive/catalog/meetings.ts'
import { newId } from '#archive/core/ids.ts'
import type { MeetingAction } from '#archive/domain/command.ts'
import { commandOf, openForTest, press, smallTown, startAction } from './small-town.ts'

const pause: MeetingAction = { kind: 'pause', resumesAtMs: null }
const closed: MeetingAction = { kind: 'closed' }
const resume: MeetingAction = { kind: 'resume' }

/** Every order in which three presses may arrive. */
const orders = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
] as const

test.each([
  ['pause, resume, pause', [pause, resume, pause], 'paused'],
  ['pause, closed, resume', [pause, closed, resume], 'live'],
  ['closed, resume, pause', [closed, resume, pause], 'paused'],
  ['closed, resume, closed', [closed, resume, closed], 'closed'],
] as const)(
  '%s end in the same state in whatever order a locked catalogue hears of them',
  async (_name, actions, state) => {
    const ended: unknown[] = []
    for (const order of orders) {
      const t = await smallTown(await openForTest())
      const start = commandOf(t.meeting, startAction(newId<'recording'>()))
      await press(t.catalog, start)
      const commands = actions.map((action, index) => ({
        ...commandOf(t.meeting, action),
        atMs: start.atMs + 1_000 * (index + 1),
      }))
      for (const index of order) await press(t.catalog, commands[index] ?? start)
      ended.push((await t.catalog.read((db) => meetingById(db, t.meeting)))?.state)
    }
    expect(ended).toEqual(orders.map(() => state))
  },
)
