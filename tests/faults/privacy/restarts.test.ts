import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { MeetingState } from '#archive/domain/meeting-state.ts'
import { CounterEvening } from '#tests/support/counter-evening.ts'
import { done } from '#tests/support/product.ts'
import { untilState } from '#tests/support/sitting.ts'
import { Stage } from '#tests/support/stage.ts'
import { until } from '#tests/support/until.ts'

/** One meeting that is live before each test; the counter feed never stops sending. */
const stage = new Stage()
let evening: CounterEvening

beforeAll(async () => {
  evening = await CounterEvening.begin(stage)
  await evening.open('start')
}, 120_000)

beforeEach(async () => {
  if ((await stateOfLive()) !== 'live') await evening.open('resume')
  await evening.isCaptured(1)
}, 60_000)

afterAll(() => stage.clear())

const operations = () => evening.product.operations()

/** As *live* itself sees it; null while it is not there or knows no meeting. */
async function stateOfLive(): Promise<MeetingState | null> {
  const rooms = await (await operations()).feeds()
  return rooms.ok ? (rooms.value.find(({ slug }) => slug === evening.sitting.room)?.state ?? null) : null
}

function killLive(): void {
  process.kill(evening.product.pidOf('live'), 'SIGKILL')
}

async function isBackAs(state: MeetingState): Promise<void> {
  await until(`live is back and says ${state}`, async () => (await stateOfLive()) === state, 30_000)
  await evening.reconnects()
}

async function expectNoLeak(): Promise<void> {
  const kept = await evening.keptUnits()
  const forbidden = evening.forbidden()
  expect(forbidden.length).toBeGreaterThan(100)
  expect(forbidden.filter(({ name }) => kept.has(name)).map(({ name }) => name)).toEqual([])
}

describe('a closed session', () => {
  it('outlives kill -9 of live, with the encoder sending again', async () => {
    await evening.shut('closed')
    killLive()
    await isBackAs('closed')
    await evening.sends(3)
    await expectNoLeak()
  })

  it.each([0, 3, 12])('outlives kill -9 between the press and its confirmation, %i ms after it', async (delayMs) => {
    const pressedAtMs = Date.now()
    const pressed = (await operations()).command(evening.sitting.slug, 'closed')
    await until('it is time', () => Date.now() >= pressedAtMs + delayMs)
    killLive()
    const { catalogued } = done(await pressed)
    expect(catalogued).toBe(true)
    evening.shutLog.shut(pressedAtMs, Date.now())
    await isBackAs('closed')
    await evening.sends(3)
    await expectNoLeak()
  })

  it('that was pressed while live was dead is in force when live is back', async () => {
    const release = evening.product.holdDown('live')
    const pressedAtMs = Date.now()
    const answer = done(await (await operations()).command(evening.sitting.slug, 'closed'))
    expect(answer).toMatchObject({ state: 'closed', live: 'unreachable', catalogued: true })
    evening.shutLog.shut(pressedAtMs, Date.now())
    release()
    await isBackAs('closed')
    await evening.sends(3)
    await expectNoLeak()
  })

  it('that began and ended while live was dead stays outside, though the encoder has it in store', async () => {
    evening.feed.hold()
    const release = evening.product.holdDown('live')
    const pressedAtMs = Date.now()
    done(await (await operations()).command(evening.sitting.slug, 'closed'))
    evening.shutLog.shut(pressedAtMs, Date.now())
    await until('some seconds are in store', () => evening.feed.heldMs > 4_000)
    evening.shutLog.opened(Date.now())
    done(await (await operations()).command(evening.sitting.slug, 'resume'))
    release()
    await isBackAs('live')
    evening.feed.release(2)
    await evening.isCaptured(1)
    await expectNoLeak()
  })

  it('that the catalogue refuses to take stays closed, and the catalogue follows when it can', async () => {
    const { slug } = evening.sitting
    const catalogue = new DatabaseSync(join(evening.product.dataDir, 'catalogue.sqlite'), { timeout: 5_000 })
    catalogue.exec(`create trigger refusal before update of state on meeting when new.state = 'closed'
      begin select raise(abort, 'no room'); end`)
    await evening.shut('closed')
    // Longer than the notes of live are tried again.
    await evening.sends(6)
    expect(await stateOfLive()).toBe('closed')
    await expectNoLeak()
    catalogue.exec('drop trigger refusal')
    catalogue.close()
    await untilState(evening.product, slug, 'closed', 30_000)
    expect(await stateOfLive()).toBe('closed')
  })

  it('stays so while another connection takes the room from a silent one, and while the first comes back', async () => {
    await evening.shut('closed')
    evening.feed.hold()
    await until('the first is silent', () => evening.feed.heldMs > 2_500)
    await evening.reconnects()
    evening.feed.release()
    await evening.sends(1)
    evening.feed.disconnect()
    await evening.reconnects()
    await evening.sends(2)
    expect(await stateOfLive()).toBe('closed')
    await expectNoLeak()
  })
})

describe('a state file that cannot be read', () => {
  it('closes a live meeting at the next start, until a person resumes', async () => {
    writeFileSync(join(evening.product.dataDir, 'state', 'live.json'), '{"version":1,"meet')
    const killedAtMs = Date.now()
    killLive()
    evening.shutLog.shut(killedAtMs, killedAtMs)
    await isBackAs('closed')
    await evening.sends(3)
    await untilState(evening.product, evening.sitting.slug, 'closed')
    await expectNoLeak()
  })
})

describe('a revoked key', () => {
  it('ends its encoder and lets it in no more, though the meeting is live', async () => {
    const pressedAtMs = Date.now()
    expect(done(await (await operations()).revokeKey(evening.sitting.keyId)).live).toBe('confirmed')
    evening.shutLog.shut(pressedAtMs, Date.now())
    await until('the encoder is cut off', () => !evening.feed.connected)
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await expect(evening.feed.connect()).rejects.toThrow('the encoder was refused')
    }
    await expectNoLeak()
  })
})
