import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readCaptions } from '../../captions/caption-file.ts'
import { type Config, childEnvironment, readConfig } from '../../core/config.ts'
import { AppError, type Outcome } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { MeetingView } from '../../domain/meeting-view.ts'
import type { Operations } from '../../operations/operations.ts'
import { type Entries, type Product, startProduct } from '../product.ts'
import { type DemoLine, demoCaptions, demoScript } from './script.ts'

/** What the demo needs from the folders beside the archive, handed in by the composition root. */
export interface DemoDeps {
  readonly entries: Entries
  readonly log: Log
  readonly print: (line: string) => void
  readonly operations: (config: Config) => Promise<Operations>
  /** Writes the lines as speech into a WAVE file; resolves to when each ends, in milliseconds. */
  readonly speak: (lines: readonly DemoLine[], seconds: number, file: string) => Promise<number[]>
  readonly publish: (media: DemoMedia, rtmpUrl: string) => { stop(): Promise<unknown> }
}

export type DemoMedia =
  | { readonly kind: 'chamber'; readonly waveFile: string }
  | { readonly kind: 'file'; readonly path: string }

export interface DemoOptions {
  readonly minutes: number
  readonly input: string | null
}

/** A demo that has been held: the replay is up until `stop`. */
export interface HeldDemo {
  readonly site: string
  readonly slug: string
  readonly url: string
  /** A word of an item's title, and one that was spoken (null where nothing is known of the sound). */
  readonly words: { readonly title: string; readonly spoken: string | null }
  /** How the transcript came about. */
  readonly transcript: 'recognised' | 'imported' | 'none'
  stop(): Promise<void>
}

/** Called while the meeting is live, after the first items were pressed. */
export type DuringLive = (meeting: { site: string; slug: string; url: string }) => Promise<void>

/** Starts the product on free ports, holds a meeting from first press to end, and leaves the replay up. */
export async function holdDemo(options: DemoOptions, deps: DemoDeps, duringLive: DuringLive): Promise<HeldDemo> {
  const folder = mkdtempSync(join(tmpdir(), 'hemicycle-demo-'))
  chmodSync(folder, 0o755)
  const config = readConfig(
    childEnvironment({
      HEMICYCLE_DATA: join(folder, 'data'),
      HEMICYCLE_HTTP: '127.0.0.1:0',
      HEMICYCLE_RTMP: '127.0.0.1:0',
      HEMICYCLE_TOWN_NAME: 'Voorbeeldstad',
    }),
  )
  const product = await startProduct(config, deps.entries, deps.log)
  const stop = async () => {
    await product.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    return { ...(await meeting(options, { ...deps, config, product, folder, duringLive })), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

interface Stage extends DemoDeps {
  readonly config: Config
  readonly product: Product
  readonly folder: string
  readonly duringLive: DuringLive
}

async function meeting(options: DemoOptions, stage: Stage): Promise<Omit<HeldDemo, 'stop'>> {
  const { print, product, folder } = stage
  const script = demoScript(Math.max(20, options.minutes * 60))
  const operations = await stage.operations(stage.config)
  const waveFile = join(folder, 'chamber.wav')
  const ends = options.input ? [] : await stage.speak(script.lines, script.seconds + 30, waveFile)
  const body = done(await operations.addBody({ name: 'Gemeenteraad' }))
  const { key } = done(await operations.addKey({ body: body.slug }))
  const agenda = script.agenda.map((item) => ({ ...item, public: true }))
  const { slug, url } = done(
    await operations.addMeeting({ body: body.slug, title: 'Gemeenteraad', at: new Date().toISOString(), agenda }),
  )
  const page = url.startsWith('http') ? url : `${product.addresses.http}${url}`
  const media: DemoMedia = options.input ? { kind: 'file', path: options.input } : { kind: 'chamber', waveFile }
  const publisher = stage.publish(media, `${product.addresses.rtmp}/${key}`)
  try {
    await eventually('the encoder is connected', async () => (await view(operations, slug)).state === 'waiting')
    const fedSince = await feedStart(operations, slug)
    done(await operations.command(slug, 'start'))
    print(`live: ${page}`)
    await press(script.presses, operations, {
      slug,
      fedSince,
      duringLive: () => stage.duringLive({ site: product.addresses.http, slug, url: page }),
    })
    await sleepUntil(fedSince + script.seconds * 1000)
    done(await operations.command(slug, 'end'))
    print('the meeting has ended; its replay is at the same address')
    const transcript = await transcribe(stage, operations, {
      slug,
      lines: options.input ? null : script.lines,
      ends,
      fedSince,
    })
    const words = { title: 'Mobiliteitsplan', spoken: options.input ? null : 'mobiliteit' }
    return { site: product.addresses.http, slug, url: page, words, transcript }
  } finally {
    await publisher.stop()
  }
}

interface Pressing {
  readonly slug: string
  readonly fedSince: number
  readonly duringLive: () => Promise<void>
}

async function press(
  presses: readonly { atMs: number; number: string }[],
  operations: Operations,
  pressing: Pressing,
): Promise<void> {
  let watching: Promise<void> = Promise.resolve()
  for (const [index, { atMs, number }] of presses.entries()) {
    await sleepUntil(pressing.fedSince + atMs)
    done(await operations.item(pressing.slug, number))
    if (index === 1) watching = pressing.duringLive()
    // Its failure is met below, once the presses are done; until then it must not count as unhandled.
    watching.catch(() => undefined)
  }
  await watching
}

interface Spoken {
  readonly slug: string
  readonly lines: readonly DemoLine[] | null
  readonly ends: readonly number[]
  readonly fedSince: number
}

async function transcribe(stage: Stage, operations: Operations, spoken: Spoken): Promise<HeldDemo['transcript']> {
  const { slug, lines } = spoken
  const hasTranscript = async () => (await view(operations, slug)).transcripts.length > 0
  if (stage.config.speechModelDir) {
    stage.print('the worker is transcribing what was said')
    await eventually('the transcript is there', hasTranscript, 10 * 60_000)
    return 'recognised'
  }
  if (!lines) return 'none'
  stage.print('no speech model is set (HEMICYCLE_SPEECH_MODEL): importing the captions of the demo’s own script')
  const chapter = (await view(operations, slug)).chapters.findLast(({ startSeconds }) => startSeconds > 0)
  const zeroMs = chapter ? Date.parse(chapter.startedAt) - chapter.startSeconds * 1000 : spoken.fedSince
  const cues = done(readCaptions(demoCaptions(lines, spoken.ends, spoken.fedSince - zeroMs)))
  done(await operations.importTranscript(slug, { language: 'nl', origin: 'imported', cues }))
  return 'imported'
}

async function feedStart(operations: Operations, slug: string): Promise<number> {
  const feeds = await operations.feeds()
  const feed = feeds.ok ? feeds.value.find((room) => room.meeting === slug)?.feed : null
  return feed?.since ?? Date.now()
}

async function view(operations: Operations, slug: string): Promise<MeetingView> {
  return done(await operations.showMeeting(slug, 'operator'))
}

/** @throws AppError with the refusal's code. */
function done<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new AppError(outcome.code, { message: outcome.message, hint: outcome.hint })
  return outcome.value
}

async function eventually(what: string, condition: () => Promise<boolean>, deadlineMs = 60_000): Promise<void> {
  const end = performance.now() + deadlineMs
  while (!(await condition())) {
    if (performance.now() > end)
      throw new AppError('DEMO_FAILED', { message: `Waited ${deadlineMs / 1000} s in vain until ${what}.` })
    await sleepUntil(Date.now() + 200)
  }
}

function sleepUntil(wallMs: number): Promise<void> {
  return new Promise((wake) => setTimeout(wake, Math.max(0, wallMs - Date.now())))
}
