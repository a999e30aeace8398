import { readFileSync } from 'node:fs'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { systemClock } from '#archive/core/clock.ts'
import type { FeedPacket, VideoFrame } from '#archive/hls/feed.ts'
import type { PackagedEvent } from '#archive/hls/packaging.ts'
import { startProgram } from '../../transcode/ffmpeg/program.ts'
import { chooseLadder, type EncodedRendition, ladderSettingOf } from '../../transcode/ladder/choice.ts'
import { encoderArguments } from '../../transcode/ladder/encoder-arguments.ts'
import { startFfmpegEncoder } from '../../transcode/live/ffmpeg-encoder.ts'
import { createLivePipeline } from '../../transcode/live/pipeline.ts'
import { systemTimers } from '../../transcode/live/timers.ts'
import { packetsOfFlv } from '../support/flv-packets.ts'

/**
 * CPU seconds of the live pipeline and of a bare ffmpeg with the same ladder on the same film, both in real time, one
 * after the other. Prints a table on standard error and one JSON value on standard output.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    ladder: { type: 'string', default: '480p,360p' },
    size: { type: 'string', default: '1920x1080' },
  },
})
const seconds = Number(values.seconds)
const [width = 1920, height = 1080] = values.size.split('x').map(Number)
const setting = ladderSettingOf(values.ladder)

interface Cost {
  readonly cpuSeconds: number
  readonly nodeSeconds: number
  readonly ffmpegSeconds: number
  readonly wallSeconds: number
}

/** Clock ticks a second of /proc (USER_HZ), 100 on every Linux that Node runs on. */
const ticksPerSecond = 100

/** Processor seconds of all children that have ended: cutime and cstime of proc(5). */
function childSeconds(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[13]) + Number(fields[14])) / ticksPerSecond
}

function ownSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

async function measure(run: () => Promise<void>): Promise<Cost> {
  const before = { own: ownSeconds(), children: childSeconds(), wallMs: performance.now() }
  await run()
  const nodeSeconds = ownSeconds() - before.own
  const ffmpegSeconds = childSeconds() - before.children
  const wallSeconds = (performance.now() - before.wallMs) / 1000
  return { cpuSeconds: nodeSeconds + ffmpegSeconds, nodeSeconds, ffmpegSeconds, wallSeconds }
}

async function ffmpeg(args: readonly string[]): Promise<void> {
  const end = await startProgram({ program: 'ffmpeg', args: ['-v', 'error', '-nostdin', '-y', ...args] }).ended
  if (end.code !== 0) throw new Error(`ffmpeg: ${end.tail}`)
}

async function makeFilm(file: string): Promise<void> {
  const scene = `testsrc2=size=${width}x${height}:rate=25,noise=alls=15:allf=t`
  await ffmpeg([
    ...['-f', 'lavfi', '-i', scene, '-f', 'lavfi', '-i', 'sine=sample_rate=48000', '-t', String(seconds)],
    ...['-c:v', 'libx264', '-preset', 'superfast', '-pix_fmt', 'yuv420p', '-g', '50', '-sc_threshold', '0', '-bf', '2'],
    ...['-b:v', '6M', '-maxrate', '6M', '-bufsize', '6M', '-c:a', 'aac', '-b:a', '128k', '-ac', '2', '-f', 'flv', file],
  ])
}

async function product(packets: readonly FeedPacket[]): Promise<{ bytes: number; faults: string[] }> {
  const clock = systemClock()
  const faults: string[] = []
  let bytes = 0
  let number = 0
  const pipeline = createLivePipeline({
    clock,
    timers: systemTimers,
    startEncoder: startFfmpegEncoder,
    setting,
    capacity: () => null,
    sourceMaxBitrateBps: 20_000_000,
  })({
    nextNumber: () => number++,
    emit: (event: PackagedEvent) => {
      if (event.type === 'part') bytes += event.bytes.length
    },
    report: ({ code, detail }) => faults.push(`${code} ${detail}`),
  })
  const startMs = clock.wallMs()
  for (const packet of packets) {
    const waitMs = startMs + packet.arrivedAtMs - clock.wallMs()
    if (waitMs > 0) await new Promise((wake) => setTimeout(wake, waitMs))
    pipeline.push({ ...packet, arrivedAtMs: clock.wallMs() })
  }
  await pipeline.close('stopped')
  return { bytes, faults }
}

/** The product's own encoder arguments on the same film, with source and sound copied beside, in real time. */
function bareArguments(file: string, folder: string, renditions: readonly EncodedRendition[]): string[] {
  const copied = ['-map', '0:v', '-map', '0:a', '-c', 'copy', '-f', 'mp4', '-movflags', 'empty_moov+frag_keyframe']
  if (renditions.length === 0) return ['-re', '-i', file, ...copied, join(folder, 'source.mp4')]
  const args = encoderArguments({ renditions, keyframes: 'source', deinterlace: false, constantRate: null })
  const afterInput = args.slice(args.indexOf('-filter_complex'))
  const named = afterInput.map((arg) => (arg.startsWith('pipe:') ? join(folder, `${arg.slice(5)}.mp4`) : arg))
  return ['-re', '-copyts', '-i', file, ...named, ...copied, join(folder, 'source.mp4')]
}

const rounded = (number: number) => Math.round(number * 1000) / 1000
const roundedCost = (cost: Cost) =>
  Object.fromEntries(Object.entries(cost).map(([name, value]) => [name, rounded(value)]))

// ffmpeg runs as nobody when we are root: it needs a folder to write to.
const folder = await mkdtemp(join(tmpdir(), 'hemicycle-bench-'))

await chmod(folder, 0o777)
try {
  const file = join(folder, 'film.flv')
  await makeFilm(file)
  const packets = packetsOfFlv(await readFile(file))
  const framesPerSecond = 25
  const picture = { width, height, sar: { num: 1, den: 1 } }
  const renditions = chooseLadder({ picture, framesPerSecond, top: 'source', setting, capacity: null, steps: 0 })
  let made = { bytes: 0, faults: [] as string[] }
  const productCost = await measure(async () => {
    made = await product(packets)
  })
  const bareCost = await measure(() => ffmpeg(bareArguments(file, folder, renditions)))
  const ratio = productCost.cpuSeconds / bareCost.cpuSeconds
  const perMinute = (productCost.cpuSeconds * 60) / seconds
  const frames = packets.filter((packet): packet is VideoFrame => packet.kind === 'video').length
  process.stderr.write(
    [
      `${values.size}, ${seconds} s, ${frames} frames, source untouched + ${renditions.map(({ name }) => name).join(' + ') || 'nothing'}`,
      '             CPU s    node  ffmpeg    wall',
      ...(
        [
          ['product', productCost],
          ['bare ffmpeg', bareCost],
        ] as const
      ).map(([name, cost]) =>
        [name.padEnd(11), ...Object.values(cost).map((value) => value.toFixed(2).padStart(7))].join(' '),
      ),
      `ratio ${ratio.toFixed(3)}, product ${perMinute.toFixed(1)} CPU s a minute`,
      '',
    ].join('\n'),
  )
  process.stdout.write(
    `${JSON.stringify({
      bench: 'ladder',
      seconds,
      size: values.size,
      ladder: renditions.map(({ name }) => name),
      product: { ...roundedCost(productCost), bytes: made.bytes, faults: made.faults },
      bare: roundedCost(bareCost),
      ratio: rounded(ratio),
      productCpuSecondsPerMinute: rounded(perMinute),
    })}\n`,
  )
} finally {
  await rm(folder, { recursive: true, force: true })
}
