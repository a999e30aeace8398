import { spawn } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

/** In this order: what is quick to run and easy to read comes first. */
const tiers = ['unit', 'integration', 'e2e', 'faults'] as const

export interface Count {
  readonly passed: number
  readonly failed: number
}

/** What is read of a report of Vitest's JSON reporter. */
interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[]
}

/**
 * Counts a tier. A file that could not be loaded holds no tests and counts as one failure; so does a run that ended
 * badly without a failed test to show for it (a crash, an unhandled rejection, no report: `report` is null).
 */
export function countTier(report: Report | null, exitCode: number | null): Count {
  const passed = report?.numPassedTests ?? 0
  const unloaded = report?.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
  const failed = (report?.numFailedTests ?? 0) + (unloaded?.length ?? 0)
  const endedWell = exitCode === 0 && report !== null
  return { passed, failed: failed === 0 && !endedWell ? 1 : failed }
}

const root = join(import.meta.dirname, '..')

/** Runs one tier, its output shown as it comes; null when it was ended by a signal or overran its time. */
function runVitest(tier: string, reportFile: string, timeMs: number): Promise<number | null> {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const options = ['--config', 'tests/vitest.config.ts', '--project', tier, '--reporter', 'default']
  const report = ['--reporter', 'json', `--outputFile.json=${reportFile}`]
  // A group of its own, so that overrunning ends the encoders and browsers of the tests as well.
  const child = spawn(process.execPath, [vitest, 'run', ...options, ...report], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  })
  const endGroup = (signal: NodeJS.Signals) => {
    if (child.pid === undefined) return
    try {
      process.kill(-child.pid, signal)
    } catch {
      // The group has ended already.
    }
  }
  const overrun = setTimeout(() => {
    console.error(`${tier}: ended after ${Math.round(timeMs / 1000)} s, the time there was`)
    endGroup('SIGKILL')
  }, timeMs)
  const interrupted = () => {
    endGroup('SIGTERM')
    process.exit(130)
  }
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => {
      clearTimeout(overrun)
      process.off('SIGINT', interrupted).off('SIGTERM', interrupted)
      endGroup('SIGKILL')
      resolve(code)
    })
  })
}

function readReport(file: string): Report | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}

async function runTier(tier: string, timeMs: number): Promise<Count> {
  if (globSync(`tests/${tier}/**/*.test.ts`, { cwd: root }).length === 0) return { passed: 0, failed: 0 }
  if (timeMs <= 0) {
    console.error(`${tier}: not run, no time was left`)
    return { passed: 0, failed: 1 }
  }
  console.log(`\n— ${tier} —`)
  const reportFile = join(root, 'tests/.out', `${tier}.json`)
  rmSync(reportFile, { force: true })
  const exitCode = await runVitest(tier, reportFile, timeMs)
  return countTier(readReport(reportFile), exitCode)
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { minutes: { type: 'string', default: '60' } } })
  const end = performance.now() + Number(values.minutes) * 60_000
  mkdirSync(join(root, 'tests/.out'), { recursive: true })
  let total: Count = { passed: 0, failed: 0 }
  for (const tier of tiers) {
    const startedMs = performance.now()
    const count = await runTier(tier, end - startedMs)
    const seconds = Math.round((performance.now() - startedMs) / 1000)
    console.log(`${tier}: ${count.passed} passed, ${count.failed} failed (${seconds} s)`)
    total = { passed: total.passed + count.passed, failed: total.failed + count.failed }
  }
  console.log(`${total.passed} passed, ${total.failed} failed`)
  process.exitCode = total.failed === 0 ? 0 : 1
}

if (import.meta.main) await main()
