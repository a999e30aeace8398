/** What we use of node-media-server 4.4.3, which ships no types; each member is named as its source names it. */

declare module 'node-media-server/src/session/rtmp_session.js' {
  import type { Socket } from 'node:net'
  import type AVPacket from 'node-media-server/src/core/avpacket.js'
  import type Rtmp from 'node-media-server/src/protocol/rtmp.js'

  /** Every member but the constructor is an own property, read by `run()`: what is replaced before it is never called. */
  export default class RtmpSession {
    constructor(socket: Socket)
    readonly rtmp: Rtmp
    run: () => void
    onConnect: (request: { app: unknown; name: string }) => void
    onPlay: () => void
    onPush: () => void
    onOutput: (bytes: Buffer) => void
    onPacket: (packet: AVPacket) => void
    onData: (bytes: Buffer) => void
    onClose: () => void
    onError: (error: Error) => void
  }
}

declare module 'node-media-server/src/core/avpacket.js' {
  export default class AVPacket {
    /** Message type: 8 audio, 9 video, 15 and 18 data. */
    codec_type: number
    /** Milliseconds, 32 bits. */
    dts: number
    size: number
    /** Reused by the next message of the same chunk stream, and longer than `size`. */
    data: Buffer
  }
}

declare module 'node-media-server/src/protocol/rtmp.js' {
  interface ChunkStream {
    header: { fmt: number; cid: number; timestamp: number; length: number; type: number; stream_id: number }
    clock: number
    payload: Buffer
    capacity: number
    bytes: number
  }

  /** The parser calls its steps through `this`, so a step replaced on the instance is the one that runs. */
  export default class Rtmp {
    parserPacket: ChunkStream
    inPackets: Map<number, ChunkStream>
    handshakeState: number
    ackSize?: number
    streamId?: number
    streamName?: string
    streamQuery?: unknown
    flv: { parserTagData: Buffer }
    parserData(bytes: Buffer): string | null
    packetParse(): void
    packetAlloc(): void
    controlHandler(): void
    dataHandler(): void
    invokeHandler(): void
    onConnect(command: Record<string, unknown>): void
    onCreateStream(command: Record<string, unknown>): void
    onPublish(command: Record<string, unknown>): void
    respondPublish(): void
    outChunkSize: number
    setChunkSize(bytes: number): void
    sendACK(bytes: number): void
    sendInvokeMessage(streamId: number, command: Record<string, unknown>): void
    sendStatusMessage(streamId: number, level: string, code: string, description: string): void
  }
}

declare module 'node-media-server/src/protocol/amf.js' {
  const amf: {
    decodeAmf0Cmd(bytes: Buffer): Record<string, unknown>
    decodeAmf0Data(bytes: Buffer): Record<string, unknown>
    encodeAmf0Cmd(command: Record<string, unknown>): Buffer
    encodeAmf0Data(data: Record<string, unknown>): Buffer
  }
  export default amf
}

declare module 'node-media-server/src/core/logger.js' {
  const logger: { log: (message: string, level?: string) => void }
  export default logger
}
