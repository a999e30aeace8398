import type { AudioSpec, VideoSpec } from '#archive/hls/packaging.ts'
import { samplesPerSilence, slateRhythm, slateSlots } from '#archive/hls/slate-layout.ts'
import { levelFor } from '../ladder/level.ts'
import { slatePicture } from './slate-picture.ts'
import type { SlateRequest } from './slate-request.ts'

/** More than the encoder primes with: one of the later ones stands for all. */
export const silentUnits = 12

/** ffmpeg's arguments: rendition i is written to file descriptor 3 + i, as fragmented MP4. */
export function slateArguments(request: SlateRequest, withText: boolean): string[] {
  const videos = request.renditions.filter((spec) => spec.kind === 'video')
  const rhythm = slateRhythm(request.renditions)
  const frames = rhythm.framesPerSlot * slateSlots
  const outputs = request.renditions.map((spec, i) => [
    ...(spec.kind === 'video' ? videoOutput(spec, videos.indexOf(spec), frames) : audioOutput),
    ...['-f', 'mp4', '-movflags', 'empty_moov+default_base_moof+frag_every_frame+skip_trailer', `pipe:${3 + i}`],
  ])
  return [
    ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-filter_complex_threads', '1'],
    ...request.renditions.flatMap((spec) => (spec.kind === 'audio' ? silentInput(spec) : [])),
    ...(videos.length > 0 ? ['-filter_complex', slatePicture(request, videos, { rhythm, withText })] : []),
    ...outputs.flat(),
  ]
}

function videoOutput(spec: VideoSpec, index: number, frames: number): string[] {
  return [
    ...['-map', `[v${index}]`, '-frames:v', String(frames), '-c:v', 'libx264', '-threads', '1'],
    ...['-preset', 'medium', '-tune', 'stillimage', '-crf', '20', '-profile:v', profileOf(spec)],
    ...['-level:v', levelOf(spec), '-refs', '1', '-bf', '0', '-sc_threshold', '0', '-g', String(frames + 1)],
    ...['-rc-lookahead', '0', '-x264-params', 'mbtree=0'],
  ]
}

function silentInput({ channels, sampleRate }: AudioSpec): string[] {
  const seconds = ((silentUnits + 1) * samplesPerSilence) / sampleRate
  return ['-t', seconds.toFixed(3), '-f', 'lavfi', '-i', `anullsrc=r=${sampleRate}:cl=${layouts[channels] ?? 'stereo'}`]
}

const audioOutput = ['-map', '0:a', '-frames:a', String(silentUnits), '-c:a', 'aac', '-b:a', '64k'] as const

/** What ffmpeg's AAC encoder takes. */
const layouts: Readonly<Record<number, string>> = {
  1: 'mono',
  2: 'stereo',
  3: '3.0',
  4: '4.0',
  5: '5.0',
  6: '5.1',
  8: '7.1(wide)',
}

/** Never above what the playlists promise (RFC 6381: profile, constraints, level in hexadecimal). */
function profileOf({ codecs }: VideoSpec): 'baseline' | 'main' {
  return Number.parseInt(codecs.slice(5, 7), 16) >= 77 ? 'main' : 'baseline'
}

function levelOf(spec: VideoSpec): string {
  const promised = Number.parseInt(spec.codecs.slice(9, 11), 16)
  const idc = promised >= 10 ? promised : levelFor(spec, spec.frameRate ? spec.frameRate.num / spec.frameRate.den : 30)
  return (idc / 10).toFixed(1)
}
