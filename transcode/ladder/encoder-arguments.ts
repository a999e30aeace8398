import type { EncodedRendition } from './choice.ts'

export interface EncoderPlan {
  /** At least one; rendition i is written to file descriptor 3 + i. */
  readonly renditions: readonly EncodedRendition[]
  /** `source`: a keyframe wherever the source has one. A number: every so many milliseconds. */
  readonly keyframes: 'source' | number
  readonly deinterlace: boolean
  /** The constant rate to which frames are dropped or repeated; null leaves every frame at its own time. */
  readonly constantRate: { readonly num: number; readonly den: number } | null
}

/** Longer than any stretch without a forced keyframe: x264 places none of its own. */
const noKeyframeOfItsOwn = '100000'

/**
 * ffmpeg's arguments: FLV on standard input, decoded once, one fragmented MP4 per rendition with every frame a
 * fragment of its own. Times come out as they went in, in milliseconds.
 */
export function encoderArguments(plan: EncoderPlan): string[] {
  return [
    ...['-hide_banner', '-nostdin', '-loglevel', 'error'],
    // The times of the feed, to the millisecond, in every output.
    '-copyts',
    // The sequence header says all there is to know; a larger probe holds back the first frames.
    ...['-probesize', '4096', '-analyzeduration', '0'],
    // FLV is read as it comes; frame threads would hold back one frame each.
    ...['-thread_type', 'slice', '-f', 'flv', '-i', 'pipe:0'],
    ...['-filter_complex', filterGraph(plan)],
    ...plan.renditions.flatMap((rendition, i) => outputArguments(plan, rendition, i)),
  ]
}

function filterGraph({ renditions, deinterlace, constantRate }: EncoderPlan): string {
  const shared = [
    ...(deinterlace ? ['yadif=mode=send_frame:deint=interlaced'] : []),
    ...(constantRate ? [`fps=${constantRate.num}/${constantRate.den}`] : []),
    `split=${renditions.length}`,
  ]
  const split = `[0:v:0]${shared.join(',')}${renditions.map((_, i) => `[s${i}]`).join('')}`
  const scaled = renditions.map(
    ({ width, height }, i) => `[s${i}]scale=${width}:${height},setsar=1,format=yuv420p[v${i}]`,
  )
  return [split, ...scaled].join(';')
}

function outputArguments(plan: EncoderPlan, rendition: EncodedRendition, index: number): string[] {
  const { profile, levelIdc, bitrateBps } = rendition
  return [
    ...['-map', `[v${index}]`, '-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency'],
    ...['-profile:v', profile, '-level:v', (levelIdc / 10).toFixed(1)],
    ...['-crf', '23', '-maxrate', String(bitrateBps), '-bufsize', String(bitrateBps)],
    ...['-bf', '0', '-sc_threshold', '0', '-g', noKeyframeOfItsOwn],
    ...['-force_key_frames', forcedKeyframes(plan.keyframes)],
    // Without these two the encoder moves frames onto a grid of its own, beside the source's.
    ...['-fps_mode', 'passthrough', '-enc_time_base', '1:1000'],
    ...['-f', 'mp4', '-movflags'],
    'empty_moov+default_base_moof+cmaf+frag_discont+frag_every_frame+skip_trailer',
    ...['-flush_packets', '1', `pipe:${3 + index}`],
  ]
}

function forcedKeyframes(keyframes: EncoderPlan['keyframes']): string {
  if (keyframes === 'source') return 'source'
  // Counted from the last one: with the feed's own times a count from zero would force every frame for hours.
  return `expr:if(isnan(prev_forced_t),1,gte(t,prev_forced_t+${keyframes / 1000}-0.001))`
}
