import {
  aacConfigTag,
  aacTag,
  amfBytes,
  avcConfigTag,
  avcTag,
  commandMessage,
  controlMessage,
  conversation,
  dataMessage,
  mediaMessage,
  message,
} from '#tests/support/rtmp-bytes.ts'

/** Mulberry32: the same numbers for the same seed, each in [0, 1). */
export function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

type Random = () => number
const below = (next: Random, most: number) => Math.floor(next() * most)
const bytes = (next: Random, count: number) => Buffer.from(Array.from({ length: count }, () => below(next, 256)))

const handshake = Buffer.concat([Buffer.of(3), Buffer.alloc(3072, 0x11)])
const connect = commandMessage(['connect', 1, { app: 'live', tcUrl: 'rtmp://127.0.0.1/live' }])

function media(): Buffer[] {
  const tags = [mediaMessage(9, avcConfigTag()), mediaMessage(8, aacConfigTag())]
  for (let frame = 0; frame < 10; frame++) {
    const timestampMs = frame * 40
    tags.push(mediaMessage(9, avcTag(Buffer.alloc(300, frame), { keyframe: frame === 0 }), { timestampMs }))
    tags.push(mediaMessage(8, aacTag(Buffer.alloc(40, frame)), { timestampMs }))
  }
  return tags
}

/** A chunk header that claims a length, with as much body as one chunk has. */
export function unfinished(type: number, length: number, chunkStream = 3, chunkSize = 128): Buffer {
  const head = message(type, Buffer.alloc(chunkSize, 0x22), { chunkStream, chunkSize })
  head.writeUIntBE(length, 4, 3)
  return head
}

const command = (body: Uint8Array) => Buffer.concat([handshake, connect, message(20, body)])
const verified = (key: string, ...rest: Buffer[]) => conversation(key, rest)

/** Each reaches a known weakness of the parser, or one that its source suggests. */
export function craftedConversations(key: string): ReadonlyMap<string, Buffer> {
  const deep = Buffer.concat(Array.from({ length: 12_000 }, () => Buffer.from('03000161', 'hex')))
  return new Map([
    ['connect without arguments', Buffer.concat([handshake, commandMessage(['connect', 1])])],
    ['connect without tcUrl', Buffer.concat([handshake, commandMessage(['connect', 1, { app: 'live' }])])],
    ['a tcUrl that is none', Buffer.concat([handshake, commandMessage(['connect', 1, { app: 'live', tcUrl: '::' }])])],
    ['an application that is a number', Buffer.concat([handshake, commandMessage(['connect', 1, { app: 7 }])])],
    ['publish before connect', Buffer.concat([handshake, commandMessage(['publish', 1, null, key, 'live'])])],
    ['a stream key that is a number', command(Buffer.concat(['publish', 2, null, 7].map(amfBytes)))],
    ['a stream key that is missing', command(Buffer.concat(['publish', 2, null].map(amfBytes)))],
    ['a command named __proto__', command(Buffer.concat(['__proto__', 2, null].map(amfBytes)))],
    ['a command named constructor', command(Buffer.concat(['constructor', 2, null].map(amfBytes)))],
    ['truncated AMF', command(amfBytes('createStream').subarray(0, 9))],
    ['an AMF array of four thousand million', command(Buffer.from('0affffffff05', 'hex'))],
    ['AMF nested twelve thousand deep', command(deep)],
    ['AMF of an unknown type', command(Buffer.from('02000d6372656174655374726561', 'hex'))],
    ['a zero-length command', command(Buffer.alloc(0))],
    ['a zero-length SetChunkSize', Buffer.concat([handshake, message(1, Buffer.alloc(0)), connect])],
    ['SetChunkSize 0', Buffer.concat([handshake, controlMessage(1, 0), connect])],
    ['SetChunkSize of four thousand million', Buffer.concat([handshake, controlMessage(1, 0xffffffff), connect])],
    [
      'chunks of one byte',
      Buffer.concat([handshake, controlMessage(1, 1), message(20, Buffer.alloc(90), { chunkSize: 1 })]),
    ],
    [
      'a message restarted shorter',
      Buffer.concat([handshake, unfinished(20, 4_000), unfinished(20, 1), Buffer.alloc(400)]),
    ],
    ['a message of 16 MB before the key', Buffer.concat([handshake, unfinished(20, 0xffffff)])],
    ['a zero-length picture', verified(key, mediaMessage(9, Buffer.alloc(0)), ...media())],
    ['a zero-length sound', verified(key, mediaMessage(8, Buffer.alloc(0)), ...media())],
    ['one byte of picture', verified(key, mediaMessage(9, Buffer.of(0x17)), ...media())],
    ['a zero-length data message', verified(key, message(18, Buffer.alloc(0)), ...media())],
    ['truncated metadata', verified(key, message(18, amfBytes('@setDataFrame')), ...media())],
    ['metadata nested without end', verified(key, dataMessage(['onMetaData']).subarray(0, 20), ...media())],
    ['a picture of 16 MB', verified(key, unfinished(9, 0xffffff, 6), ...media())],
    ['eight megabytes in each of many messages', verified(key, ...[6, 7, 8, 9].map((id) => unfinished(9, 8e6, id)))],
    ['sixty chunk streams', verified(key, ...Array.from({ length: 60 }, (_, n) => unfinished(9, 4_000, 3 + n)))],
    ['play after publish', verified(key, commandMessage(['play', 5, null, key]))],
    [
      'publish twice',
      verified(key, commandMessage(['publish', 5, null, `${key}2`, 'live'], { stream: 1 }), ...media()),
    ],
    ['connect twice', verified(key, connect, ...media())],
  ])
}

type Mutation = (input: Buffer, next: Random) => Buffer
const start = handshake.length

const mutations: readonly Mutation[] = [
  (input, next) => {
    const output = Buffer.from(input)
    for (let n = 1 + below(next, 20); n > 0; n--) output[start + below(next, output.length - start)] = below(next, 256)
    return output
  },
  (input, next) => input.subarray(0, below(next, input.length)),
  (input, next) => {
    const at = start + below(next, input.length - start)
    return Buffer.concat([input.subarray(0, at), input.subarray(at + below(next, 200))])
  },
  (input, next) => {
    const at = start + below(next, input.length - start)
    return Buffer.concat([input.subarray(0, at), bytes(next, below(next, 300)), input.subarray(at)])
  },
  (input, next) => {
    const at = start + below(next, input.length - start)
    return Buffer.concat([input.subarray(0, at), input.subarray(at - below(next, 200))])
  },
  (input, next) => insertMessage(input, next, unfinished(below(next, 24), below(next, 2 ** 24), 2 + below(next, 62))),
  (input, next) =>
    insertMessage(input, next, message(below(next, 24), Buffer.alloc(0), { chunkStream: 2 + below(next, 62) })),
  (input, next) => insertMessage(input, next, controlMessage(1, below(next, 4) === 0 ? 0 : below(next, 2 ** 32))),
  (input, next) => insertMessage(input, next, message(20, bytes(next, below(next, 120)))),
  (input, next) => insertMessage(input, next, message(below(next, 2) === 0 ? 8 : 9, bytes(next, below(next, 400)))),
  (input, next) => Buffer.concat([input.subarray(0, start), bytes(next, 1 + below(next, 4_000))]),
  (_input, next) => bytes(next, 1 + below(next, 4_000)),
]

/** Between two messages of the conversation's second half, where the encoder may or may not be verified. */
function insertMessage(input: Buffer, next: Random, inserted: Buffer): Buffer {
  const markers = [start, start + connect.length, input.length - below(next, 2_000)]
  const at = Math.max(start, markers[below(next, markers.length)] ?? start)
  return Buffer.concat([input.subarray(0, at), inserted, input.subarray(at)])
}

/** A conversation that would be accepted, changed one to three times. The same seed gives the same bytes. */
export function malformedConversation(seed: number, key: string): Buffer {
  const next = random(seed)
  let output = conversation(key, media())
  for (let rounds = 1 + below(next, 3); rounds > 0; rounds--) {
    const mutation = mutations[below(next, mutations.length)]
    if (mutation && output.length > start) output = mutation(output, next)
  }
  return output
}

/** The same bytes in one to five pieces, as a network delivers them. */
export function pieces(input: Buffer, seed: number): Buffer[] {
  const next = random(seed ^ 0x5eed)
  const cuts = Array.from({ length: below(next, 5) }, () => below(next, input.length)).sort((a, b) => a - b)
  return [...cuts, input.length].map((end, n, all) => input.subarray(n === 0 ? 0 : all[n - 1], end))
}
