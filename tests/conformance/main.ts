import { parseArgs } from 'node:util'
import { judgeAll } from './all-checks.ts'
import { decoded } from './decoding.ts'
import { probe } from './prober.ts'
import { table } from './report.ts'
import { httpTransport } from './transport.ts'

const usage = 'check:hls -- URL [--seconds N] [--json]\n'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '30' }, json: { type: 'boolean', default: false } },
})
const [url] = positionals
const seconds = Number(values.seconds)
if (!url || !URL.canParse(url) || positionals.length > 1 || !(seconds > 0)) {
  process.stderr.write(usage)
  process.exit(2)
}

const transport = httpTransport()
const session = await decoded(await probe(url, seconds, transport))
transport.close()
const judgements = judgeAll(session)
const wasReached = session.playlists.some(({ playlist }) => playlist !== null)
if (values.json) process.stdout.write(`${JSON.stringify({ url, seconds, wasReached, checks: judgements }, null, 1)}\n`)
else process.stdout.write(table(judgements))
if (!wasReached) process.stderr.write(`${url} gave no media playlist\n`)
process.exitCode = !wasReached || judgements.some(({ verdict }) => verdict === 'failed') ? 1 : 0
