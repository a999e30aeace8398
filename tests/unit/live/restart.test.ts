import { expect, test } from 'vitest'
import { RestartBudget } from '../../../transcode/live/restart-budget.ts'
import { Shedding } from '../../../transcode/live/shedding.ts'

test('the tenth death within a minute earns a minute of rest', () => {
  const budget = new RestartBudget()
  const answers = Array.from({ length: 10 }, (_, i) => budget.died(i * 6_000))
  expect(answers).toEqual([...Array.from({ length: 9 }, () => false), true])
  expect(budget.isResting(54_000)).toBe(true)
  expect(budget.isResting(113_999)).toBe(true)
  expect(budget.isResting(114_000)).toBe(false)
})

test('ten deaths over a longer time earn none', () => {
  const budget = new RestartBudget()
  const answers = Array.from({ length: 30 }, (_, i) => budget.died(i * 7_000))
  expect(answers).not.toContain(true)
})

test('after a rest the count begins anew', () => {
  const budget = new RestartBudget()
  for (let i = 0; i < 10; i += 1) budget.died(0)
  expect(budget.died(60_001)).toBe(false)
})

test('a step is taken back after five calm minutes, later when that was too early', () => {
  const shedding = new Shedding()
  shedding.overloaded(0)
  expect(shedding.calm(299_999)).toBe(false)
  expect(shedding.calm(300_000)).toBe(true)
  expect(shedding.steps).toBe(0)
  shedding.overloaded(310_000)
  expect(shedding.calm(310_000 + 599_999)).toBe(false)
  expect(shedding.calm(310_000 + 600_000)).toBe(true)
})

test('without a step there is nothing to take back', () => {
  expect(new Shedding().calm(1e9)).toBe(false)
})

test('the first restart comes at once, later ones within two seconds', () => {
  const budget = new RestartBudget()
  const delays = Array.from({ length: 7 }, (_, i) => {
    budget.died(i)
    return budget.delayMs(i)
  })
  expect(delays).toEqual([0, 100, 200, 400, 800, 1_500, 1_500])
})
