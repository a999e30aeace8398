import { fork } from 'node:child_process'
import { watch } from 'node:fs'
import { join } from 'node:path'
import { childEnvironment } from '../core/config.ts'
import type { Log } from '../core/log.ts'
import type { Supervisor } from './supervisor.ts'

/** Which processes run the source below a folder; the site is built again first. */
const users: readonly (readonly [string, readonly string[]])[] = [
  ['ingest', ['live']],
  ['transcode', ['live', 'worker']],
  ['archive', ['live', 'edge', 'worker', 'site']],
  ['site/edge', ['edge']],
  ['site/src', ['site']],
]

/** An editor that saves writes several times within this. */
const settleMs = 200

/** Watches the source and starts again, for each change, the processes that run it. */
export function watchSources(root: string, supervisor: Supervisor, log: Log): { stop(): void } {
  const stale = new Set<string>()
  let timer: NodeJS.Timeout | null = null

  const refresh = async () => {
    const names = [...stale]
    stale.clear()
    if (names.includes('site') && !(await buildSite(root))) {
      log.error('the site cannot be built; the former one stays up')
      names.splice(names.indexOf('site'), 1)
    }
    for (const name of names) supervisor.restart(name)
  }

  const watchers = users.map(([folder, names]) =>
    watch(join(root, folder), { recursive: true }, (_event, file) => {
      if (file?.endsWith('.md')) return
      for (const name of names) stale.add(name)
      if (timer) clearTimeout(timer)
      timer = setTimeout(() => {
        refresh().catch((error: unknown) => log.error({ err: error }, 'the processes could not be started again'))
      }, settleMs)
    }),
  )
  return {
    stop: () => {
      if (timer) clearTimeout(timer)
      for (const watcher of watchers) watcher.close()
    },
  }
}

function buildSite(root: string): Promise<boolean> {
  const astro = join(root, 'node_modules', 'astro', 'bin', 'astro.mjs')
  const env = childEnvironment({ ASTRO_TELEMETRY_DISABLED: '1', ASTRO_DISABLE_UPDATE_CHECK: 'true' })
  const build = fork(astro, ['build', '--root', 'site', '--silent'], { cwd: root, env, execArgv: [] })
  return new Promise((done) => {
    build.once('exit', (code) => done(code === 0))
    build.once('error', () => done(false))
  })
}
