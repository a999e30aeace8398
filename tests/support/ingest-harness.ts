import { pino } from 'pino'
import { systemClock } from '#archive/core/clock.ts'
import type { ErrorCode } from '#archive/core/error-codes.ts'
import { refuse } from '#archive/core/errors.ts'
import { type KeyId, newId, type RoomId } from '#archive/core/ids.ts'
import { settingsSchema } from '#archive/core/settings-schema.ts'
import type { FeedPacket } from '#archive/hls/feed.ts'
import { RoomFeeds } from '../../ingest/feed/room-feeds.ts'
import type { PublishSession } from '../../ingest/rtmp/publish-session.ts'
import type { RtmpSettings } from '../../ingest/rtmp/rtmp-limits.ts'
import { createRtmpServer, type RtmpServer, type TlsFiles } from '../../ingest/rtmp/server.ts'

export const goodKey = 'good-key-0123456789abcdef'
export const otherKey = 'other-key-0123456789abcdef'

export interface SeenSession {
  readonly session: PublishSession
  readonly packets: FeedPacket[]
  /** Undefined while the session is open. */
  end: ErrorCode | null | undefined
}

export interface IngestHarness {
  readonly server: RtmpServer
  readonly port: number
  readonly feeds: RoomFeeds<PublishSession>
  /** Accepted sessions, oldest first. */
  readonly seen: SeenSession[]
  readonly logged: string[]
  readonly keyId: KeyId
  last(): SeenSession
}

export interface HarnessOptions {
  readonly settings?: Partial<RtmpSettings>
  readonly tls?: TlsFiles
}

/** The RTMP server with the room rule, as the live process puts them together; two keys of one room. */
export async function startIngest({ settings = {}, tls }: HarnessOptions = {}): Promise<IngestHarness> {
  const clock = systemClock()
  const logged: string[] = []
  const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) })
  const feeds = new RoomFeeds<PublishSession>(clock)
  const seen: SeenSession[] = []
  const roomId: RoomId = newId()
  const keys = new Map<string, KeyId>([
    [goodKey, newId()],
    [otherKey, newId()],
  ])
  const server = createRtmpServer({
    settings: { ...settingsSchema.parse({}), ...settings },
    clock,
    log,
    authenticate: (key) => {
      const keyId = keys.get(key)
      return keyId ? { ok: true, keyId, roomId } : refuse('INGEST_KEY_UNKNOWN')
    },
    onSession: (session) => {
      const refusal = feeds.claim(session)
      if (!refusal) follow(session, seen)
      void session.closed.then((reason) => feeds.release(session, reason))
      return refusal
    },
  })
  const address = { host: '127.0.0.1', port: 0 }
  const port = tls ? await server.listenTls(address, tls) : await server.listen(address)
  const keyId = keys.get(goodKey) ?? newId<'key'>()
  const last = () => {
    const latest = seen.at(-1)
    if (!latest) throw new Error('no encoder has been accepted')
    return latest
  }
  return { server, port, feeds, seen, logged, keyId, last }
}

function follow(session: PublishSession, seen: SeenSession[]): void {
  const entry: SeenSession = { session, packets: [], end: undefined }
  seen.push(entry)
  session.onPacket((packet) => entry.packets.push(packet))
  void session.closed.then((reason) => {
    entry.end = reason
  })
}
