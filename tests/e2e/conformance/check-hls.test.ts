import { expect, test } from 'vitest'
import { BreakingProxy, text } from '../../unit/conformance/breaking-proxy.ts'
import { ModelOrigin } from '../../unit/conformance/model-origin.ts'
import { byVerdict, checkHls } from './check-command.ts'
import { serveModel } from './model-server.ts'

test('passes an origin over real HTTP that keeps the rules, its made-up media apart', async () => {
  const server = await serveModel(new ModelOrigin({ historySegments: 9, discontinuityAt: 10 }))
  const run = await checkHls(server.url, '--seconds', '10', '--json')
  await server.close()
  expect(byVerdict(run).failed).toEqual(['decodable-parts'])
  expect(byVerdict(run).passed).toContain('hint-whole')
  expect(byVerdict(run).passed).toContain('blocking-waits')
  expect(run.exitCode).toBe(1)
})

test('finds one broken rule over real HTTP and says so in its table', async () => {
  const lying = text(/source\.m3u8/, (said) =>
    said.replace(/LAST-MSN=(\d+)/g, (_, msn) => `LAST-MSN=${Number(msn) + 5}`),
  )
  const server = await serveModel(new BreakingProxy(new ModelOrigin(), lying))
  const run = await checkHls(server.url, '--seconds', '6')
  await server.close()
  expect(run.exitCode).toBe(1)
  expect(run.stdout).toMatch(/^FAILED +reports-right/m)
  expect(run.stdout).toMatch(/source\.m3u8: says \d+\.\d of 360p\.m3u8, which reached only/)
})

test('an address that gives no playlist is a failure, and a wrong call is another', async () => {
  const server = await serveModel(new ModelOrigin())
  const nowhere = await checkHls(server.url.replace('index', 'nothing'), '--seconds', '2')
  await server.close()
  expect([nowhere.exitCode, nowhere.stderr.includes('gave no media playlist')]).toEqual([1, true])
  expect(await checkHls('not an address')).toMatchObject({
    exitCode: 2,
    stderr: 'check:hls -- URL [--seconds N] [--json]\n',
  })
})
