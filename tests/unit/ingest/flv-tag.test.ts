import { describe, expect, it } from 'vitest'
import { type AmfValue, amfBytes } from '#tests/support/rtmp-bytes.ts'
import { encoderFacts, encoderName } from '../../../ingest/rtmp/encoder-facts.ts'
import { audioPacket, videoPacket } from '../../../ingest/rtmp/flv-tag.ts'

const time = { dtsMs: 1_000, arrivedAtMs: 5 }
const hex = (text: string) => Buffer.from(text, 'hex')

describe('a video tag', () => {
  it.each([
    ['nothing', ''],
    ['a header without picture', '2701000000'],
    ['a truncated header', '1701'],
    ['the end of the sequence', '1702000000ff'],
    ['a command frame', '5701000000ff'],
    ['a command frame of another codec', '52ff'],
  ])('with %s is no packet', (_name, body) => {
    expect(videoPacket(hex(body), time)).toBeNull()
  })

  it.each([
    ['17010000280011', 1_040, true],
    ['2701ffffd80011', 960, false],
    ['27017fffff0011', 1_000 + 0x7fffff, false],
    ['2701000000' + '0011', 1_000, false],
  ])('%s has the presentation time %i', (body, ptsMs, keyframe) => {
    expect(videoPacket(hex(body), time)).toEqual({
      kind: 'video',
      dtsMs: 1_000,
      ptsMs,
      keyframe,
      data: Uint8Array.of(0x00, 0x11),
      arrivedAtMs: 5,
    })
  })

  it.each([
    ['9068766331aa', '68766331'],
    ['9161766331aa', '61766331'],
    ['22aabb', '22'],
    ['1c0000000000', '1c'],
  ])('%s is of a codec that is not accepted', (body, name) => {
    expect(videoPacket(hex(body), time)).toEqual({
      kind: 'video-config',
      codec: 'other',
      data: new Uint8Array(hex(name)),
      arrivedAtMs: 5,
    })
  })

  it('owns its bytes', () => {
    const body = hex('170100000001')
    const packet = videoPacket(body, time)
    body.fill(0xee)
    expect(packet?.data).toEqual(Uint8Array.of(1))
  })
})

describe('an audio tag', () => {
  it.each([
    ['af001190', { kind: 'audio-config', codec: 'aac', data: Uint8Array.of(0x11, 0x90), arrivedAtMs: 5 }],
    ['af0121', { kind: 'audio', ptsMs: 1_000, data: Uint8Array.of(0x21), arrivedAtMs: 5 }],
    ['2f21', { kind: 'audio-config', codec: 'other', data: Uint8Array.of(0x2f), arrivedAtMs: 5 }],
    ['904f70757301', { kind: 'audio-config', codec: 'other', data: new Uint8Array(hex('4f707573')), arrivedAtMs: 5 }],
    ['af01', null],
    ['af0221', null],
    ['', null],
  ])('%s is read as what it is', (body, expected) => {
    expect(audioPacket(hex(body), time)).toEqual(expected)
  })
})

describe('metadata', () => {
  const metadata = (values: Readonly<Record<string, AmfValue>>) =>
    Buffer.concat(['@setDataFrame', 'onMetaData', values].map(amfBytes))

  it('gives the encoder and its picture', () => {
    const said = metadata({
      encoder: 'obs-output module (libobs version 29.0.2)',
      width: 1920,
      height: 1080,
      framerate: 25,
    })
    expect(encoderFacts(said)).toEqual({
      name: 'obs-output module (libobs version 29.0.2)',
      width: 1920,
      height: 1080,
      framesPerSecond: 25,
    })
  })

  it('leaves out what cannot be meant', () => {
    const said = metadata({ encoder: '\u0000\n', width: -1, height: 1e9, framerate: '25' })
    expect(encoderFacts(said)).toEqual({ name: null, width: null, height: null, framesPerSecond: null })
  })

  it.each(['', '02', '02000a6f6e', '0a7fffffff', '03ffff'])('that is broken (%s) is none', (bytes) => {
    expect(encoderFacts(hex(bytes))).toBeNull()
  })

  it('has names of at most eighty printable characters', () => {
    expect(encoderName(`  Encoder\u001b[31m ${'x'.repeat(100)}`)).toBe(`Encoder[31m ${'x'.repeat(68)}`)
    expect(encoderName(7)).toBeNull()
  })
})
