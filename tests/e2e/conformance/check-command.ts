import { execFile } from 'node:child_process'
import { join } from 'node:path'
import type { Judgement } from '../../conformance/check.ts'

const main = join(import.meta.dirname, '..', '..', 'conformance', 'main.ts')

export interface CheckRun {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** `npm run check:hls -- …` without npm. */
export function checkHls(...words: readonly string[]): Promise<CheckRun> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...words], { maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      resolve({ exitCode: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr })
    })
  })
}

/** Checks of a run with `--json`, by verdict. */
export function byVerdict({ stdout }: CheckRun): Readonly<Record<Judgement['verdict'], readonly string[]>> {
  const { checks } = JSON.parse(stdout) as { checks: Judgement[] }
  const ids = (verdict: Judgement['verdict']) => checks.filter((one) => one.verdict === verdict).map(({ id }) => id)
  return { passed: ids('passed'), failed: ids('failed'), 'not seen': ids('not seen') }
}
