import type { FeedPacket } from '#archive/hls/feed.ts'
import { startProgram } from '../ffmpeg/program.ts'
import { flvHeader, flvTag } from '../flv/flv-writer.ts'
import { grid } from './picture-watch.ts'
import { meteredRate, type SoundLevels, SoundMeter } from './sound-meter.ts'

/** Far enough from zero for any composition offset. */
const firstTimeMs = 10_000
/** Whatever viewers need comes first. */
const niceness = 15
const pictureBytes = grid.width * grid.height

export interface DecoderPlan {
  /** AVCDecoderConfigurationRecord; null without video. */
  readonly video: Uint8Array | null
  /** AudioSpecificConfig and how many channels it describes; null without sound. */
  readonly audio: { readonly config: Uint8Array; readonly channels: 1 | 2 } | null
}

export interface DecoderEvents {
  /** Luma of the next keyframe that was pushed. */
  readonly picture: (luma: Uint8Array) => void
  /** The next second of sound. */
  readonly second: (levels: SoundLevels) => void
}

export interface Decoder {
  push(packet: FeedPacket): void
  /** Decodes what was pushed, then ends. */
  finish(): void
  kill(): void
  /** What it said, when it is gone. */
  readonly ended: Promise<string>
}

/** A small ffmpeg: keyframes and sound as FLV in, a coarse grid of luma and PCM out. */
export function startDecoder(plan: DecoderPlan, events: DecoderEvents): Decoder {
  const outputs = [...(plan.video ? ['picture'] : []), ...(plan.audio ? ['sound'] : [])]
  const program = startProgram({
    program: 'ffmpeg',
    args: decoderArguments(plan),
    stdin: true,
    outputs: outputs.length,
    niceness,
  })
  const { stdin } = program
  if (plan.video) program.outputs[0]?.on('data', pictureReader(events.picture))
  if (plan.audio) {
    const meter = new SoundMeter(plan.audio.channels)
    program.outputs[outputs.length - 1]?.on('data', (bytes: Uint8Array) => {
      for (const second of meter.push(bytes)) events.second(second)
    })
  }
  let baseMs: number | null = null
  stdin?.write(flvHeader({ video: plan.video !== null, audio: plan.audio !== null }))
  for (const packet of configurations(plan)) stdin?.write(flvTag(packet, 0))
  return {
    push(packet) {
      if (packet.kind === 'video' || packet.kind === 'audio') {
        baseMs ??= (packet.kind === 'video' ? packet.dtsMs : packet.ptsMs) - firstTimeMs
      }
      stdin?.write(flvTag(packet, baseMs ?? 0))
    },
    finish: () => stdin?.end(),
    kill: () => program.kill(),
    ended: program.ended.then(({ cause, tail }) => `${cause} ${tail}`.trim()),
  }
}

function configurations({ video, audio }: DecoderPlan): FeedPacket[] {
  return [
    ...(video ? [{ kind: 'video-config', codec: 'h264', data: video, arrivedAtMs: 0 } as const] : []),
    ...(audio ? [{ kind: 'audio-config', codec: 'aac', data: audio.config, arrivedAtMs: 0 } as const] : []),
  ]
}

/** One token per element. The luma plane is taken as it is coded, so that black is 16 whatever the colours are called. */
export function decoderArguments({ video, audio }: DecoderPlan): string[] {
  const picture = `scale=${grid.width}:${grid.height}:flags=area,format=yuv420p,extractplanes=y`
  const pictureOutput = [
    ...['-map', '0:v:0', '-an', '-vf', picture, '-fps_mode', 'passthrough', '-c:v', 'rawvideo'],
    ...['-f', 'rawvideo', '-flush_packets', '1', 'pipe:3'],
  ]
  const soundOutput = [
    ...['-map', '0:a:0', '-vn', '-ar', String(meteredRate), '-ac', String(audio?.channels ?? 1)],
    ...['-c:a', 'pcm_s16le', '-f', 's16le', '-flush_packets', '1', `pipe:${video ? 4 : 3}`],
  ]
  return [
    ...['-hide_banner', '-loglevel', 'error', '-threads', '1', '-flags', 'low_delay'],
    ...['-probesize', '65536', '-analyzeduration', '0', '-f', 'flv', '-i', 'pipe:0', '-filter_threads', '1'],
    ...(video ? pictureOutput : []),
    ...(audio ? soundOutput : []),
  ]
}

/** Cuts a pipe's bytes into pictures. */
function pictureReader(take: (luma: Uint8Array) => void): (bytes: Uint8Array) => void {
  let rest = Buffer.alloc(0)
  return (bytes) => {
    rest = Buffer.concat([rest, bytes])
    while (rest.length >= pictureBytes) {
      take(new Uint8Array(rest.subarray(0, pictureBytes)))
      rest = rest.subarray(pictureBytes)
    }
  }
}
