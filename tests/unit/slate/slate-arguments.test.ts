import { describe, expect, it } from 'vitest'
import type { RenditionSpec } from '#archive/hls/packaging.ts'
import { slateArguments } from '../../../transcode/slate/slate-arguments.ts'
import { slateKey, slateRequest } from '../../../transcode/slate/slate-request.ts'

const renditions: readonly RenditionSpec[] = [
  {
    kind: 'video',
    name: 'source',
    codecs: 'avc1.640028',
    width: 1920,
    height: 1080,
    frameRate: { num: 50, den: 1 },
    timescale: 50_000,
  },
  {
    kind: 'video',
    name: '360p',
    codecs: 'avc1.42c01e',
    width: 640,
    height: 360,
    frameRate: { num: 25, den: 1 },
    timescale: 25_000,
  },
  { kind: 'audio', name: 'audio', codecs: 'mp4a.40.2', channels: 2, sampleRate: 48_000, timescale: 48_000 },
]

const given = (args: readonly string[], option: string) =>
  args.flatMap((arg, i) => (arg === option ? [args[i + 1]] : []))

describe('the arguments for a slate', () => {
  const args = slateArguments(slateRequest(renditions, 'Gemeenteraad'), true)

  it('stay within the profile and the level that the playlists promise', () => {
    expect(given(args, '-profile:v')).toEqual(['main', 'baseline'])
    expect(given(args, '-level:v')).toEqual(['4.0', '3.0'])
  })

  it('ask for one segment of frames at a rate that every rendition carries', () => {
    expect(given(args, '-frames:v')).toEqual(['100', '100'])
    expect(given(args, '-i')).toEqual(['anullsrc=r=48000:cl=stereo'])
    expect(args.filter((arg) => arg.startsWith('pipe:'))).toEqual(['pipe:3', 'pipe:4', 'pipe:5'])
  })

  it('escape what a body may be called', () => {
    const [graph] = given(slateArguments(slateRequest(renditions, "L'Été: 100% [a],b;c\\d\n"), true), '-filter_complex')
    expect(graph).toContain("text=L\\\\\\'Été\\\\: 100% \\[a\\]\\,b\\;c\\\\\\\\d:fontsize=92")
  })

  it('draw no text where none can be drawn', () => {
    const [graph] = given(slateArguments(slateRequest(renditions, 'Gemeenteraad'), false), '-filter_complex')
    expect(graph).not.toContain('drawtext')
  })

  it('need no picture for a stream of sound alone', () => {
    expect(given(slateArguments(slateRequest(renditions.slice(2), ''), true), '-filter_complex')).toEqual([])
  })
})

describe('the name of a slate', () => {
  const key = slateKey(slateRequest(renditions, 'Gemeenteraad'))

  it('is the same for the same parameters, and another for other words, sizes or rates', () => {
    expect(key).toMatch(/^[0-9a-f]{32}$/)
    expect(slateKey(slateRequest(structuredClone(renditions), 'Gemeenteraad'))).toBe(key)
    expect(slateKey(slateRequest(renditions, 'Conseil communal'))).not.toBe(key)
    expect(slateKey(slateRequest(renditions.slice(1), 'Gemeenteraad'))).not.toBe(key)
  })
})
