import amf from 'node-media-server/src/protocol/amf.js'
import type Rtmp from 'node-media-server/src/protocol/rtmp.js'
import type { Refusal } from '#archive/core/errors.ts'
import { ProtocolViolation } from './chunk-guard.ts'

const flexMessage = 17

export interface CommandListener {
  /** Answers why the connection to this application is refused, or null. `software` is what the peer calls itself. */
  connect(app: string, software: unknown): Refusal | null
  /** The refusal of `connect` has been written. */
  rejected(refusal: Refusal): void
  play(): void
  /** The peer says that it has finished. */
  finish(): void
}

/**
 * Replaces the parser's command step by one that checks every argument before node-media-server sees it, and holds back
 * the reply to `publish` until the listener has decided. Unknown commands are ignored.
 */
export function takeCommands(rtmp: Rtmp, listener: CommandListener): void {
  let app: string | null = null
  rtmp.respondPublish = () => {}
  rtmp.invokeHandler = () => {
    const { header, payload } = rtmp.parserPacket
    const start = header.type === flexMessage ? 1 : 0
    const command = amf.decodeAmf0Cmd(payload.subarray(start, header.length))
    switch (command.cmd) {
      case 'connect':
        if (app !== null) throw new ProtocolViolation('connect came twice')
        app = connect(rtmp, command, listener)
        break
      case 'createStream':
        rtmp.onCreateStream({ transId: numberOf(command.transId) })
        break
      case 'publish':
        if (app === null) throw new ProtocolViolation('publish came before connect')
        if (typeof command.streamName !== 'string') throw new ProtocolViolation('a stream key is not text')
        rtmp.onPublish({ streamName: command.streamName })
        break
      case 'play':
      case 'play2':
        listener.play()
        break
      case 'FCUnpublish':
      case 'deleteStream':
      case 'closeStream':
        listener.finish()
    }
  }
}

function connect(rtmp: Rtmp, command: Record<string, unknown>, listener: CommandListener): string | null {
  const { cmdObj: given, transId } = command
  if (typeof given !== 'object' || given === null) throw new ProtocolViolation('connect has no arguments')
  const said = new Map<string, unknown>(Object.entries(given))
  const tcUrl = said.get('tcUrl')
  const named = said.get('app')
  if (typeof named !== 'string') throw new ProtocolViolation('connect names no application')
  const app = named.split('?')[0]?.replace(/^\/+|\/+$/g, '') ?? ''
  const refusal = listener.connect(app, said.get('flashVer'))
  if (refusal) {
    rejectConnection(rtmp, numberOf(transId), refusal)
    listener.rejected(refusal)
    return null
  }
  const encoding = said.get('objectEncoding')
  rtmp.onConnect({
    transId: numberOf(transId),
    cmdObj: {
      app,
      tcUrl: typeof tcUrl === 'string' && URL.canParse(tcUrl) ? tcUrl : `rtmp://unknown/${app}`,
      objectEncoding: encoding === 3 ? 3 : 0,
    },
  })
  return app
}

/** NetConnection.Connect.Rejected, as a server answers a `connect` it does not want (RTMP 1.0, 7.2.1.1). */
function rejectConnection(rtmp: Rtmp, transId: number, refusal: Refusal): void {
  // Its messages are cut into chunks of this size whether it has been announced or not.
  rtmp.setChunkSize(rtmp.outChunkSize)
  rtmp.sendInvokeMessage(0, {
    cmd: '_error',
    transId,
    cmdObj: null,
    info: { level: 'error', code: 'NetConnection.Connect.Rejected', description: statusText(refusal) },
  })
}

/** What an encoder shows of a refusal. ASCII only: node-media-server counts characters where AMF counts bytes. */
export function statusText(refusal: Refusal): string {
  return `${refusal.code}: ${refusal.message} ${refusal.hint}`.replace(/[^\x20-\x7e]/g, '?').slice(0, 480)
}

function numberOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0
}
