import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { projectRoot } from '../../support/house/tree.ts'

let project: string
let programs: string

/** A project with nothing installed, and a PATH with nothing but what every Debian has. */
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'hemicycle-setup-'))
  programs = join(project, 'programs')
  mkdirSync(programs)
  mkdirSync(join(project, '.ci'))
  cpSync(join(projectRoot, '.ci/setup'), join(project, '.ci/setup'))
  for (const file of ['package.json', 'package-lock.json', '.npmrc'])
    cpSync(join(projectRoot, file), join(project, file))
  for (const name of ['sh', 'cat', 'dirname', 'grep', 'paste', 'sed', 'sha256sum', 'tr', 'uname']) {
    symlinkSync(
      execFileSync('/bin/sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim(),
      join(programs, name),
    )
  }
  program('npm', 'exit 9')
})

afterEach(() => rmSync(project, { recursive: true }))

function program(name: string, body: string): void {
  writeFileSync(join(programs, name), `#!/bin/sh\n${body}\n`)
  chmodSync(join(programs, name), 0o755)
}

function setup(...options: string[]) {
  const { status, stderr } = spawnSync(join(project, '.ci/setup'), options, {
    env: { PATH: programs },
    encoding: 'utf8',
  })
  return { status, stderr }
}

it('names the command to run when programs are missing and the user is not root', () => {
  program('apt-get', 'echo installed >"$0.called"')
  program('id', 'echo 1000')
  const { status, stderr } = setup('--speech')
  expect(status).toBe(1)
  expect(stderr).toContain(
    'sudo apt-get update && sudo apt-get install -y --no-install-recommends ffmpeg espeak-ng sox\n',
  )
  expect(readdirSync(project).sort()).toEqual(['.ci', '.npmrc', 'package-lock.json', 'package.json', 'programs'])
  expect(readdirSync(programs)).not.toContain('apt-get.called')
})

it('names the missing programs where there is no apt-get', () => {
  const { status, stderr } = setup()
  expect(status).toBe(1)
  expect(stderr).toContain("missing: ffmpeg. There is no apt-get here: install them with your system's package manager")
})

it('asks for npm when there is none', () => {
  rmSync(join(programs, 'npm'))
  expect(setup()).toEqual({ status: 1, stderr: expect.stringContaining('setup: npm is missing.') })
})

it('asks for a recent Node.js where npm brings none along', () => {
  rmSync(join(programs, 'uname'))
  program('uname', '[ "$1" = -s ] && echo Darwin || echo arm64')
  expect(setup()).toEqual({
    status: 1,
    stderr: expect.stringContaining('on Darwin arm64 npm brings no Node.js 24 along: install Node.js 24.12 or later'),
  })
})

it('says that npm failed, and leaves no stamp', () => {
  for (const name of ['ffmpeg', 'ffprobe']) program(name, 'exit 0')
  symlinkSync('/bin/rm', join(programs, 'rm'))
  expect(setup()).toEqual({ status: 1, stderr: expect.stringContaining('setup: npm ci failed') })
  expect(readdirSync(project)).not.toContain('node_modules')
})

it('refuses an option it does not know', () => {
  expect(setup('--all')).toEqual({
    status: 1,
    stderr: 'setup: --all is not an option; there are --browser and --speech\n',
  })
})
