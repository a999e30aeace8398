import { expect, test } from 'vitest'
import { type EncoderPlan, encoderArguments } from '../../../transcode/ladder/encoder-arguments.ts'

const half = {
  name: '480p',
  width: 854,
  height: 480,
  bitrateBps: 1_200_000,
  profile: 'main',
  levelIdc: 31,
  codecs: 'avc1.4d401f',
} as const
const small = { ...half, name: '360p', width: 640, height: 360, bitrateBps: 700_000, levelIdc: 30 } as const
const plan: EncoderPlan = { renditions: [half, small], keyframes: 'source', deinterlace: false, constantRate: null }

function valueAfter(args: readonly string[], option: string): string | undefined {
  return args[args.indexOf(option) + 1]
}

test('the feed is read as FLV with its own times and a short probe', () => {
  expect(encoderArguments(plan).slice(0, 13)).toEqual([
    ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-copyts', '-probesize', '4096', '-analyzeduration', '0'],
    ...['-thread_type', 'slice', '-f', 'flv'],
  ])
})

test('it is decoded once and scaled for each rendition', () => {
  expect(valueAfter(encoderArguments(plan), '-filter_complex')).toBe(
    '[0:v:0]split=2[s0][s1];[s0]scale=854:480,setsar=1,format=yuv420p[v0];[s1]scale=640:360,setsar=1,format=yuv420p[v1]',
  )
})

test('each rendition has a pipe of its own and one-frame fragments', () => {
  expect(encoderArguments(plan).slice(-34)).toEqual(
    [
      ...['-map', '[v1]', '-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency'],
      ...['-profile:v', 'main', '-level:v', '3.0', '-crf', '23', '-maxrate', '700000', '-bufsize', '700000'],
      ...['-bf', '0', '-sc_threshold', '0', '-g', '100000', '-force_key_frames', 'source'],
      ...['-fps_mode', 'passthrough', '-enc_time_base', '1:1000', '-f', 'mp4', '-movflags'],
      'empty_moov+default_base_moof+cmaf+frag_discont+frag_every_frame+skip_trailer',
    ]
      .concat(['-flush_packets', '1', 'pipe:4'])
      .slice(-34),
  )
  expect(encoderArguments(plan)).toContain('pipe:3')
})

test('an interlaced source is deinterlaced, a varying rate made constant, before the pictures are shared out', () => {
  const args = encoderArguments({ ...plan, deinterlace: true, constantRate: { num: 30_000, den: 1001 } })
  expect(valueAfter(args, '-filter_complex')).toMatch(
    /^\[0:v:0\]yadif=mode=send_frame:deint=interlaced,fps=30000\/1001,split=2\[s0\]\[s1\];/,
  )
})

test('without the keyframes of the source they are counted from the last one', () => {
  expect(valueAfter(encoderArguments({ ...plan, keyframes: 2_000 }), '-force_key_frames')).toBe(
    'expr:if(isnan(prev_forced_t),1,gte(t,prev_forced_t+2-0.001))',
  )
})
