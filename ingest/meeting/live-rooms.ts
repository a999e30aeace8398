import type { RoomDirectory } from '#archive/catalog/room-directory.ts'
import type { Clock } from '#archive/core/clock.ts'
import type { ErrorCode } from '#archive/core/error-codes.ts'
import { type Outcome, type Refusal, refuse } from '#archive/core/errors.ts'
import { type KeyId, type MeetingId, newId, type RoomId } from '#archive/core/ids.ts'
import type { Log } from '#archive/core/log.ts'
import type { Command, MeetingAction } from '#archive/domain/command.ts'
import { servingMeeting, startsByItself } from '#archive/domain/serving.ts'
import type { FeedState, LiveMessage } from '#archive/hls/live-message.ts'
import type { CatalogueLink } from '../catalogue/catalogue-link.ts'
import { RoomFeeds } from '../feed/room-feeds.ts'
import type { KeyVerdict, PublishSession } from '../rtmp/publish-session.ts'
import { missedAction } from '../state/restart.ts'
import type { Capture } from './capture.ts'
import type { Captures } from './captures.ts'
import { FeedIncidents } from './feed-incidents.ts'
import type { MeetingRegister, RegisteredMeeting, StateChange } from './meeting-register.ts'
import { Room } from './room.ts'
import { matchingRoomKey } from './room-key.ts'

/** A live meeting without media for this long is paused by itself: the board shows it, nobody has to guess. */
const pauseAfterMs = 30 * 60_000
/** So is one in whose room nothing has been heard for this long; a shorter silence may be a fault of the sound. */
const pauseAfterSilenceMs = 2 * 3_600_000

export interface LiveRoomsDeps {
  readonly register: MeetingRegister
  readonly captures: Captures
  readonly link: Pick<CatalogueLink, 'tell' | 'inFlight'>
  readonly broadcast: (message: LiveMessage) => void
  readonly clock: Clock
  readonly log: Log
}

/** All rooms: brings feeds, meetings and captures together as the catalogue and the commands say. */
export class LiveRooms {
  readonly #deps: LiveRoomsDeps
  readonly #rooms = new Map<RoomId, Room>()
  readonly #feeds: RoomFeeds<PublishSession>
  readonly #incidents: FeedIncidents
  readonly #told = new Map<MeetingId, string>()
  readonly #drafted = new Set<PublishSession>()
  /** A directory that was read before the revocation may still have them. */
  readonly #revoked = new Set<KeyId>()
  #directory: RoomDirectory = { rooms: [] }

  constructor(deps: LiveRoomsDeps) {
    this.#deps = deps
    this.#feeds = new RoomFeeds(deps.clock)
    this.#incidents = new FeedIncidents(deps)
  }

  authenticate(key: string): KeyVerdict {
    const found = matchingRoomKey(key, this.#directory)
    if (!found) return refuse('INGEST_KEY_UNKNOWN')
    if (this.#revoked.has(found.key)) return refuse('INGEST_KEY_REVOKED')
    return { ok: true, keyId: found.key, roomId: found.room }
  }

  /** What the catalogue says: rooms, keys and meetings. A key that is gone ends what it publishes. */
  adopt(directory: RoomDirectory): void {
    const { register, link, clock } = this.#deps
    this.#directory = directory
    const keys = new Set(directory.rooms.flatMap((room) => room.keys.map(({ id }) => id)))
    for (const feed of this.#feeds.all()) if (!keys.has(feed.keyId)) this.revoke(feed.keyId)
    for (const { id, slug } of directory.rooms) if (!this.#rooms.has(id)) this.#rooms.set(id, new Room(id, slug))
    const meetings = directory.rooms.flatMap((room) => room.meetings)
    const changes = register.adopt(meetings, (meeting) => link.inFlight(meeting), clock.wallMs())
    for (const change of changes) {
      this.#follow(change)
      if (change.kind === 'restored') this.#tellRestored(change)
    }
    this.tick()
  }

  /** For good: no encoder gets in with it again, whatever the catalogue says. */
  revoke(key: KeyId): void {
    this.#revoked.add(key)
    this.#feeds.revoke(key)
  }

  /** A verified encoder. It is refused (its room is taken), or has its room until it ends. */
  join(session: PublishSession): Refusal | null {
    const room = this.#rooms.get(session.roomId)
    if (!room) return refuse('INGEST_KEY_UNKNOWN')
    const refusal = this.#feeds.claim(session)
    if (refusal) {
      this.#feeds.noteProblem(room.id, refusal.code)
      return refusal
    }
    const { link, clock, log } = this.#deps
    room.attach(session)
    log.info({ room: room.slug, session: session.id, encoder: session.encoder().name }, 'an encoder is connected')
    this.#assign(room)
    link.tell({
      kind: 'session',
      session: {
        id: session.id,
        room: room.id,
        key: session.keyId,
        meeting: room.serving?.id ?? null,
        address: null,
        encoder: session.encoder().name,
        atMs: clock.wallMs(),
      },
    })
    session.closed.then(
      (cause) => this.#leave(room, session, cause),
      (error: unknown) => log.error({ err: error }, 'a publish session ended badly'),
    )
    return null
  }

  /** Carries out a command at once; the catalogue is told, whoever else tells it too. */
  command(command: Command): Outcome<StateChange> {
    const { register, link } = this.#deps
    const before = register.get(command.meeting)
    const busy = before ? this.#otherOpen(before, command.action) : null
    if (busy) return refuse('ROOM_BUSY', { message: `The meeting ${busy.slug} is ${busy.state} in this room.` })
    const outcome = register.apply(command)
    if (!outcome.ok) return outcome
    this.#follow(outcome.value)
    link.tell({ kind: 'command', command })
    return outcome
  }

  /** Every second: planned times pass, feeds fall silent. */
  tick(): void {
    for (const room of this.#rooms.values()) this.#assign(room)
    for (const meeting of this.#deps.register.all()) {
      if (meeting.state === 'live') this.#incidents.watch(meeting, this.#lastMediaAt(meeting))
      else this.#incidents.settle(meeting.id)
      this.#pauseWhereAbandoned(meeting)
      this.#hold(meeting.id)
      this.#announce(meeting)
    }
  }

  rooms(): readonly Room[] {
    return [...this.#rooms.values()]
  }

  /** What the pipeline has to say of a feed, where an encoder setting would help. */
  noteFault(meeting: MeetingId, code: ErrorCode): void {
    const room = this.#roomOf(meeting)
    if (room && code.startsWith('SOURCE_')) this.#feeds.noteProblem(room, code)
  }

  problem(room: RoomId) {
    return this.#feeds.problem(room)
  }

  /** The meetings that an edge must hear of when it connects. */
  announcements(): LiveMessage[] {
    return this.#deps.register.all().map((meeting) => this.#message(meeting))
  }

  #leave(room: Room, session: PublishSession, cause: ErrorCode | null): void {
    const { link, clock, log } = this.#deps
    this.#drafted.delete(session)
    link.tell({ kind: 'session-end', id: session.id, cause: cause ?? 'disconnected', atMs: clock.wallMs() })
    this.#feeds.release(session, cause)
    if (room.detach(session)) log.info({ room: room.slug, session: session.id, cause }, 'the encoder is gone')
    this.#assign(room)
    this.tick()
  }

  #follow(change: StateChange): void {
    const { captures, register, log } = this.#deps
    const { meeting: id, from, to, atMs } = change
    const meeting = register.get(id)
    if (from !== to) log.info({ meeting: meeting?.slug, from, to, by: change.kind }, 'the meeting changed state')
    if (to === 'waiting') captures.finish(id, (capture) => capture.discard())
    else if (to === 'ended' || to === 'published') captures.finish(id, (capture) => capture.end(atMs))
    else if (to === 'scheduled' || to === 'cancelled') captures.finish(id, (capture) => capture.suspend())
    for (const room of this.#rooms.values()) this.#assign(room)
    this.#hold(id)
    if (meeting) this.#announce(meeting)
  }

  #tellRestored({ meeting, from, to, atMs }: StateChange): void {
    const action = missedAction(from, to)
    if (action) this.#deps.link.tell({ kind: 'command', command: { id: newId(), meeting, atMs, by: 'live', action } })
  }

  /** Puts the meeting that is due behind the room's gate. */
  #assign(room: Room): void {
    const now = this.#deps.clock.wallMs()
    const meetings = this.#meetingsIn(room.id)
    const serving = servingMeeting(meetings, now)
    room.serve(serving, serving ? this.#captureFor(serving) : null)
    if (!room.feed) return
    if (serving?.state === 'scheduled') this.#say(serving, { kind: 'wait' })
    else if (serving?.state === 'waiting' && this.#startsByItself(serving.id, now)) {
      this.#say(serving, { kind: 'start', recording: newId() })
    } else if (!serving) this.#keepUnplanned(room)
  }

  /** The stream of a meeting that is paused or closed goes on with the slate. */
  #hold(id: MeetingId): void {
    const state = this.#deps.register.get(id)?.state
    this.#deps.captures.get(id)?.still(state === 'paused' || state === 'closed' ? state : null)
  }

  #captureFor(meeting: RegisteredMeeting): Capture | null {
    const { state } = meeting
    const isOpen = state === 'live' || state === 'paused' || state === 'closed'
    if (!isOpen || !meeting.recording) return this.#deps.captures.get(meeting.id)
    return this.#deps.captures.of(meeting, meeting.recording)
  }

  #startsByItself(id: MeetingId, nowMs: number): boolean {
    const facts = this.#directory.rooms.flatMap((room) => room.meetings).find((meeting) => meeting.id === id)
    return facts?.autoStart === true && startsByItself(facts, nowMs)
  }

  #keepUnplanned(room: Room): void {
    const facts = this.#directory.rooms.find(({ id }) => id === room.id)
    const session = room.feed?.session
    if (!facts?.keepUnplanned || !session || this.#drafted.has(session)) return
    this.#drafted.add(session)
    this.#deps.link.tell({ kind: 'draft', room: room.id, atMs: this.#deps.clock.wallMs() })
  }

  #pauseWhereAbandoned(meeting: RegisteredMeeting): void {
    if (meeting.state !== 'live') return
    const silentSince = this.#deps.captures.get(meeting.id)?.silentSinceMs ?? null
    const isSilent = silentSince !== null && this.#deps.clock.wallMs() - silentSince > pauseAfterSilenceMs
    const isGone = this.#withoutMediaMs(meeting) > pauseAfterMs
    if (!isGone && !isSilent) return
    this.#incidents.note(meeting, isGone ? 'FEED_GONE_LONG' : 'ROOM_SILENT_LONG', 'paused by itself')
    this.#say(meeting, { kind: 'pause', resumesAtMs: null })
  }

  #say(meeting: RegisteredMeeting, action: MeetingAction): void {
    const command: Command = { id: newId(), meeting: meeting.id, atMs: this.#deps.clock.wallMs(), by: 'live', action }
    const outcome = this.command(command)
    if (!outcome.ok)
      this.#deps.log.warn({ meeting: meeting.slug, code: outcome.code }, 'a command of our own was refused')
  }

  #meetingsIn(room: RoomId): RegisteredMeeting[] {
    const facts = this.#directory.rooms.find(({ id }) => id === room)?.meetings ?? []
    return facts.map(({ id }) => this.#deps.register.get(id)).filter((meeting) => meeting !== null)
  }

  #roomOf(meeting: MeetingId): RoomId | null {
    return this.#directory.rooms.find((room) => room.meetings.some(({ id }) => id === meeting))?.id ?? null
  }

  #otherOpen(meeting: RegisteredMeeting, { kind }: MeetingAction): RegisteredMeeting | null {
    const room = this.#roomOf(meeting.id)
    if ((kind !== 'start' && kind !== 'reopen') || !room) return null
    const isOpen = ({ state }: RegisteredMeeting) => state === 'live' || state === 'paused' || state === 'closed'
    return this.#meetingsIn(room).find((other) => other.id !== meeting.id && isOpen(other)) ?? null
  }

  #lastMediaAt(meeting: RegisteredMeeting): number | null {
    return this.#deps.captures.get(meeting.id)?.lastMediaAtMs ?? null
  }

  #withoutMediaMs(meeting: RegisteredMeeting): number {
    const since = Math.max(this.#lastMediaAt(meeting) ?? 0, meeting.openedAtMs ?? 0)
    return this.#deps.clock.wallMs() - since
  }

  #feedState(meeting: RegisteredMeeting): FeedState {
    if (meeting.state === 'live' && this.#incidents.isInterrupted(meeting.id)) return 'interrupted'
    const room = this.#roomOf(meeting.id)
    return room && this.#rooms.get(room)?.feed ? 'connected' : 'none'
  }

  #message(meeting: RegisteredMeeting): Extract<LiveMessage, { type: 'meeting' }> {
    const { id, slug, recording, state } = meeting
    return { type: 'meeting', meeting: id, slug, recording, state, feed: this.#feedState(meeting), item: null }
  }

  #announce(meeting: RegisteredMeeting): void {
    const message = this.#message(meeting)
    const text = JSON.stringify(message)
    if (this.#told.get(meeting.id) === text) return
    this.#told.set(meeting.id, text)
    this.#deps.broadcast(message)
  }
}
