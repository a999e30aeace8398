import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type EdgeProcess, forkEdge } from './edge-child.ts'

/** A data folder for one test. */
export function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hemicycle-edge-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** An edge process; killed when the test ends. */
export async function startEdge(
  dataDir: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<EdgeProcess> {
  const edge = await forkEdge(dataDir, settings)
  onTestFinished(() => void edge.child.kill('SIGKILL'))
  return edge
}
