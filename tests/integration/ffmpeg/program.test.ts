import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { startProgram } from '../../../transcode/ffmpeg/program.ts'
import { until } from '../../support/until.ts'

const endless = ['-nostdin', '-v', 'error', '-re', '-f', 'lavfi', '-i', 'sine', '-f', 's16le', 'pipe:1']

test('a program that cannot be understood ends with its own words', async () => {
  const end = await startProgram({ program: 'ffmpeg', args: ['-v', 'error', '-i', '/nowhere', '-f', 'null', '-'] })
    .ended
  expect(end.cause).toBe('exited')
  expect(end.code).toBe(1)
  expect(end.tail).toBe('/nowhere: No such file or directory')
})

test('each further output is a pipe of its own', async () => {
  const tone = ['-f', 'lavfi', '-t', '0.5', '-i', 'sine=sample_rate=8000', '-f', 's16le']
  const program = startProgram({
    program: 'ffmpeg',
    args: ['-v', 'error', ...tone, 'pipe:3', '-f', 'u8', 'pipe:4'],
    outputs: 2,
  })
  const sizes = [0, 0]
  program.outputs.forEach((pipe, i) => {
    pipe.on('data', (chunk: Uint8Array) => (sizes[i] = (sizes[i] ?? 0) + chunk.length))
  })
  expect(await program.ended).toMatchObject({ cause: 'exited', code: 0 })
  expect(sizes).toEqual([8_000, 4_000])
})

test('a stopped program is asked first and is gone afterwards', async () => {
  const program = startProgram({ program: 'ffmpeg', args: endless, stdout: true })
  program.stdout?.resume()
  await until('the program runs', () => (program.stdout as unknown as { bytesRead: number }).bytesRead > 0)
  const end = await program.stop()
  expect(end.cause).toBe('stopped')
  expect(end.signal).toBeNull()
})

test('an aborted program is killed', async () => {
  const abort = new AbortController()
  const program = startProgram({ program: 'ffmpeg', args: endless, stdout: true, signal: abort.signal })
  abort.abort()
  expect(await program.ended).toMatchObject({ cause: 'stopped', signal: 'SIGKILL' })
})

test('a program that gives nothing is killed as stalled', async () => {
  const silent = ['-v', 'error', '-f', 's16le', '-i', 'pipe:0', '-f', 's16le', 'pipe:1']
  const program = startProgram({ program: 'ffmpeg', args: silent, stdin: true, stdout: true, stallMs: 200 })
  expect(await program.ended).toMatchObject({ cause: 'stalled', signal: 'SIGKILL' })
})

test.runIf(process.getuid?.() === 0)('as root the program is nobody and can gain nothing', async () => {
  const program = startProgram({ program: 'ffmpeg', args: endless, stdout: true, niceness: 5 })
  const status = await until('setpriv became ffmpeg', async () => {
    const text = await readFile(`/proc/${program.pid}/status`, 'utf8')
    return text.startsWith('Name:\tffmpeg') ? text : null
  })
  await program.stop()
  expect(/^Uid:\s+(.*)$/m.exec(status)?.[1]).toBe('65534\t65534\t65534\t65534')
  expect(/^Groups:[\t ]*(.*)$/m.exec(status)?.[1]?.trim()).toBe('')
  expect(/^NoNewPrivs:\s+(.*)$/m.exec(status)?.[1]).toBe('1')
})
