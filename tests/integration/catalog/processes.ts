import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** Runs a program of this folder to its end; `onMessage` hears what it sends meanwhile. @throws Error with what it wrote when it fails. */
export async function run(
  program: string,
  args: readonly string[],
  onMessage: () => void = () => undefined,
): Promise<void> {
  const child = fork(join(import.meta.dirname, program), [...args], { silent: true, execArgv: [] })
  child.on('message', () => onMessage())
  let output = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${output}`)
}
