import { expect, it } from 'vitest'
import { allChecks, judgeAll } from '../../conformance/all-checks.ts'
import type { Judgement } from '../../conformance/check.ts'
import { probe } from '../../conformance/prober.ts'
import { BreakingProxy, type Fault } from './breaking-proxy.ts'
import { deliveryFaults } from './delivery-faults.ts'
import { ModelOrigin, modelBase } from './model-origin.ts'
import { plain, playlistFaults } from './playlist-faults.ts'
import type { RuleFault } from './rule-fault.ts'
import { timingFaults } from './timing-faults.ts'
import { type ScriptedOrigin, VirtualNetwork } from './virtual-network.ts'

const seconds = 30

async function judgementsOf(origin: ScriptedOrigin) {
  const network = new VirtualNetwork(origin)
  return judgeAll(await network.run(probe(`${modelBase}index.m3u8`, seconds, network)))
}

function failuresIn(judgements: readonly Judgement[]): string[] {
  return judgements.filter(({ verdict }) => verdict === 'failed').map(({ id }) => id)
}

async function failuresOf({ fault, options, redirect }: Omit<RuleFault, 'breaks'>): Promise<string[]> {
  const keep: Fault = (answer) => answer
  return failuresIn(await judgementsOf(new BreakingProxy(new ModelOrigin(options), fault ?? keep, redirect)))
}

const seenOnlyAtTheEnd = ['end-is-final', 'end-without-hints', 'end-ignores-directives']

it('passes an origin that keeps every rule, and says which ones it has not seen', async () => {
  const judgements = await judgementsOf(new ModelOrigin())
  expect(failuresIn(judgements)).toEqual([])
  const unseen = judgements.filter(({ verdict }) => verdict === 'not seen').map(({ id }) => id)
  expect(unseen).toEqual(['blocked-too-long', 'decodable-parts', ...seenOnlyAtTheEnd])
})

it('passes an origin whose window slides past a discontinuity', async () => {
  expect(await failuresOf({ options: { windowSegments: 4, discontinuityAt: 9 } })).toEqual([])
})

it('passes an origin that ends', async () => {
  const judgements = await judgementsOf(new ModelOrigin({ endAfter: 14 }))
  expect(failuresIn(judgements)).toEqual([])
  const ending = judgements.filter(({ id }) => seenOnlyAtTheEnd.includes(id))
  expect(ending.map(({ verdict }) => verdict)).toEqual(['passed', 'passed', 'passed'])
})

it('sees that an origin that stalls answers 503', async () => {
  const judgements = await judgementsOf(new ModelOrigin({ stallsAtMs: 6000 }))
  expect(judgements.find(({ id }) => id === 'blocked-too-long')?.verdict).toBe('passed')
})

it('says of a plain stream that nothing of low latency was seen', async () => {
  const judgements = await judgementsOf(new BreakingProxy(new ModelOrigin(), plain))
  expect(failuresIn(judgements)).toEqual([])
  const verdicts = new Map(judgements.map(({ id, verdict }) => [id, verdict]))
  for (const id of ['new-part-in-time', 'blocking-waits', 'part-alone', 'hint-present', 'delta-equals-full']) {
    expect(verdicts.get(id)).toBe('not seen')
  }
  expect(verdicts.get('append-only')).toBe('passed')
})

const faults = { ...playlistFaults, ...timingFaults, ...deliveryFaults }

it.each(Object.entries(faults))('finds %s', async (_, { breaks, ...fault }) => {
  expect(await failuresOf(fault)).toEqual(breaks)
})

it('has every check broken by some fault', () => {
  const tried = new Set(Object.values(faults).flatMap(({ breaks }) => breaks))
  // What a decoder says is no part of a scripted session: it is broken with real media elsewhere.
  expect(allChecks.map(({ id }) => id).filter((id) => !tried.has(id))).toEqual(['decodable-parts'])
})
