import { afterAll, beforeAll, expect, test } from 'vitest'
import { done } from '../../support/product.ts'
import { planSitting, untilState } from '../../support/sitting.ts'
import { Stage } from '../../support/stage.ts'
import { until } from '../../support/until.ts'
import { byVerdict, checkHls } from './check-command.ts'

const stage = new Stage()
let playlist = ''

beforeAll(async () => {
  const product = await stage.product()
  const { slug, key } = await planSitting(product)
  stage.encoder(product, key)
  await untilState(product, slug, 'waiting', 30_000)
  done(await (await product.operations()).command(slug, 'start'))
  playlist = `${product.site}/live/${slug}/index.m3u8`
  await until('it can be played', async () => (await fetch(playlist)).status === 200, 30_000)
})

afterAll(() => stage.clear())

/** What needs more than half a minute of an undisturbed stream: a stall, an end, a discontinuity. */
const notSeen = [
  'blocked-too-long',
  'dated-discontinuities',
  'end-is-final',
  'end-without-hints',
  'end-ignores-directives',
]

test('our own origin breaks no rule, and every rule of a stream that goes on is seen', async () => {
  const verdicts = byVerdict(await checkHls(playlist, '--seconds', '35', '--json'))
  expect(verdicts.failed).toEqual([])
  expect(verdicts['not seen'].filter((id) => !notSeen.includes(id))).toEqual([])
})
