import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ffmpegCapabilities, neededEncoders } from '../../transcode/ffmpeg/capabilities.ts'
import { chamberFeed, speakLines } from '../../transcode/ffmpeg/chamber.ts'
import { publish } from '../../transcode/ffmpeg/publisher.ts'
import { type Catalog, openCatalog } from '../catalog/catalog.ts'
import { type Config, childEnvironment, readConfig } from '../core/config.ts'
import { AppError, reportOf } from '../core/errors.ts'
import { createLog } from '../core/log.ts'
import { openMediaStore } from '../storage/open-store.ts'
import { type Answer, exitCodeOf, readInvocation } from './command.ts'
import { incidentCommands } from './commands/incidents.ts'
import { meetingCommands } from './commands/meetings.ts'
import { processCommands } from './commands/processes.ts'
import { setUpCommands } from './commands/set-up.ts'
import { transcriptCommands } from './commands/transcripts.ts'
import type { CliContext } from './context.ts'
import { type DemoDeps, holdDemo } from './demo/demo.ts'
import { rehearse } from './demo/rehearsal.ts'
import { examine } from './doctor.ts'
import { openOperations } from './open-operations.ts'
import { type Entries, startProduct } from './product.ts'
import { watchSources } from './supervisor-dev.ts'

const root = join(import.meta.dirname, '..', '..')
const entries: Entries = {
  live: join(root, 'ingest/main.ts'),
  edge: join(root, 'site/edge/main.ts'),
  site: join(root, 'site/main.ts'),
  worker: join(root, 'archive/main.ts'),
}

const words = process.argv.slice(2)
const wantsJson = words.includes('--json')
const print = (line: string) => process.stdout.write(`${line}\n`)

// Only a demo that checks itself needs a browser: loading its driver would double the time that every command takes.
const browserCheck = () => import('./demo/browser-check.ts')

async function untilStopped(stop: () => Promise<void>): Promise<void> {
  await new Promise<void>((stopping) => {
    process.once('SIGINT', () => stopping())
    process.once('SIGTERM', () => stopping())
  })
  await stop()
}

async function start(config: Config): Promise<void> {
  const product = await startProduct(config, entries, createLog('supervisor', config.logLevel))
  const { http: site, rtmp: ingest } = product.addresses
  print(wantsJson ? JSON.stringify({ ready: true, site, ingest }) : `ready: site ${site}, ingest ${ingest}`)
  await untilStopped(() => product.stop())
}

/** Beside the real data, never in it: what it holds is invented. */
async function dev({ dataDir, logLevel }: Config): Promise<void> {
  const config = readConfig(childEnvironment({ HEMICYCLE_DATA: join(dataDir, 'dev') }))
  const log = createLog('supervisor', logLevel)
  const product = await startProduct(config, entries, log)
  const watching = watchSources(root, product.supervisor, log)
  const sound = mkdtempSync(join(tmpdir(), 'hemicycle-dev-'))
  chmodSync(sound, 0o755)
  try {
    const catalog = await openCatalog({ file: config.catalogFile })
    const key = await rehearse(openOperations(catalog, config)).finally(() => catalog.close())
    const waveFile = join(sound, 'room.wav')
    await speakLines([], 10, waveFile)
    const publisher = publish(chamberFeed(waveFile), `${product.addresses.rtmp}/${key}`)
    print(`ready: site ${product.addresses.http}, ingest ${product.addresses.rtmp}; sources are watched`)
    print(`demo data: HEMICYCLE_DATA=${config.dataDir}`)
    await untilStopped(async () => void (await publisher.stop()))
  } finally {
    watching.stop()
    await product.stop()
    rmSync(sound, { recursive: true, force: true })
  }
}

async function demo(
  config: Config,
  options: { minutes: number; input: string | null; exit: boolean },
): Promise<Answer> {
  const deps: DemoDeps = {
    entries,
    log: createLog('supervisor', options.exit ? config.logLevel : 'error'),
    print,
    operations: async (demoConfig) => openOperations(await openCatalog({ file: demoConfig.catalogFile }), demoConfig),
    speak: speakLines,
    publish: (media, url) =>
      publish(
        media.kind === 'chamber'
          ? chamberFeed(media.waveFile)
          : { inputs: ['-re', '-stream_loop', '-1', '-i', media.path] },
        url,
      ),
  }
  const held = await holdDemo(options, deps, (meeting) =>
    options.exit
      ? browserCheck().then(({ checkLiveInBrowser }) => checkLiveInBrowser(meeting, print))
      : Promise.resolve(),
  )
  if (!options.exit) {
    print(`replay: ${held.url}\nsearch: ${held.site}/search?q=${held.words.title}\nCtrl-C ends it`)
    await untilStopped(() => held.stop())
    return { json: null, text: '' }
  }
  try {
    await (await browserCheck()).checkInBrowser(held, print)
  } finally {
    await held.stop()
  }
  return {
    json: { passed: true, transcript: held.transcript },
    text: 'demo passed: live, replay, chapters, captions and search were seen in a browser',
  }
}

async function main(): Promise<number> {
  let catalog: Catalog | null = null
  const config = readConfig()
  const context: CliContext = {
    config,
    operations: async () => {
      catalog ??= await openCatalog({ file: config.catalogFile })
      return openOperations(catalog, config)
    },
  }
  const commands = [
    ...processCommands({
      start: () => start(config),
      dev: () => dev(config),
      demo: (options) => demo(config, options),
      doctor: () =>
        examine({
          config,
          ffmpeg: async () => {
            const { version, encoders } = await ffmpegCapabilities()
            return { version, missing: neededEncoders.filter((name) => !encoders.has(name)) }
          },
          catalog: async () => (await openCatalog({ file: config.catalogFile })).close(),
          store: async () => {
            const store = openMediaStore(config)
            await store.put('doctor', Buffer.from('may be deleted'))
            await store.delete('doctor')
          },
        }),
    }),
    ...setUpCommands,
    ...meetingCommands,
    ...transcriptCommands,
    ...incidentCommands,
  ]
  try {
    const invocation = readInvocation(commands, words)
    if (invocation.kind === 'help') {
      print(invocation.text)
      return 0
    }
    const result = await invocation.command.run(context, invocation.given)
    if ('ok' in result) throw new AppError(result.code, { message: result.message, hint: result.hint })
    if (invocation.json && result.json !== null) print(JSON.stringify(result.json))
    else if (result.text !== '') print(result.text)
    return result.exitCode ?? 0
  } finally {
    await (catalog as Catalog | null)?.close()
  }
}

try {
  process.exitCode = await main()
} catch (error) {
  const { code, message, hint } = reportOf(error)
  if (wantsJson) print(JSON.stringify({ error: { code, message, hint } }))
  else process.stderr.write(`${code}: ${message}\n${hint}\n`)
  if (code === 'INTERNAL') createLog('cli').error({ err: error }, 'a command failed')
  process.exitCode = exitCodeOf(code)
}
