import { connect, type Socket } from 'node:net'
import { type ErrorCode, errorCodes } from '../core/error-codes.ts'
import { type ErrorReport, type Outcome, refuse } from '../core/errors.ts'
import type { KeyId, RoomId } from '../core/ids.ts'
import type { Command } from '../domain/command.ts'
import { type MeetingState, meetingStates } from '../domain/meeting-state.ts'
import type { LiveMetrics } from './live-metrics.ts'

/** The control socket of *live*, as those who press buttons see it. Whatever fails is a refusal, LIVE_UNREACHABLE. */
export interface LiveControl {
  /** Answers when the gate stands as the command asks and that is on disk. */
  command(command: Command): Promise<Outcome<{ state: MeetingState }>>
  keyRevoked(key: KeyId): Promise<Outcome<null>>
  /** Rooms, keys or meetings have changed. */
  directoryChanged(): Promise<Outcome<null>>
  status(): Promise<Outcome<RoomStatus[]>>
}

/** Requests and responses are lines of JSON; a response carries the id of its request. */
export type LiveRequest = { readonly id: string } & LiveQuestion
export type LiveQuestion =
  | { readonly type: 'command'; readonly command: Command }
  | { readonly type: 'key-revoked'; readonly key: KeyId }
  | { readonly type: 'directory-changed' }
  | { readonly type: 'status' }

/** `state` answers a command, `rooms` and `metrics` a status request. */
export type LiveResponse =
  | {
      readonly id: string
      readonly ok: true
      readonly state?: MeetingState
      readonly rooms?: readonly RoomStatus[]
      readonly metrics?: LiveMetrics
    }
  | ({ readonly id: string; readonly ok: false } & ErrorReport)

export interface RoomStatus {
  readonly room: RoomId
  readonly slug: string
  /** Slug of the meeting that the feed serves. */
  readonly meeting: string | null
  readonly state: MeetingState | null
  readonly feed: FeedStatus | null
}

export interface FeedStatus {
  readonly connected: boolean
  /** WallTime. */
  readonly since: number
  readonly codec: string | null
  readonly width: number | null
  readonly height: number | null
  readonly fps: number | null
  readonly bitrateBps: number | null
  readonly encoder: string | null
  readonly problem: ErrorReport | null
}

const answerWithinMs = 1_000

/** Each call opens a connection of its own: a restarted *live* is found again without any state here. */
export function createLiveControl(socketFile: string, timeoutMs = answerWithinMs): LiveControl {
  const ask = (question: LiveQuestion) => askLive(socketFile, question, timeoutMs)
  return {
    async command(command) {
      const answer = await ask({ type: 'command', command })
      if (!answer.ok) return answer
      const { state } = answer.value
      return state && meetingStates.includes(state) ? { ok: true, value: { state } } : unreachable('no state')
    },
    async keyRevoked(key) {
      return nothing(await ask({ type: 'key-revoked', key }))
    },
    async directoryChanged() {
      return nothing(await ask({ type: 'directory-changed' }))
    },
    async status() {
      const answer = await ask({ type: 'status' })
      return answer.ok ? { ok: true, value: [...(answer.value.rooms ?? [])] } : answer
    },
  }
}

/** What *live* counts of itself; null when it does not answer. Never throws. */
export async function readLiveMetrics(socketFile: string, timeoutMs = answerWithinMs): Promise<LiveMetrics | null> {
  const answer = await askLive(socketFile, { type: 'status' }, timeoutMs)
  return answer.ok ? (answer.value.metrics ?? null) : null
}

type Accepted = Extract<LiveResponse, { ok: true }>

function nothing(answer: Outcome<Accepted>): Outcome<null> {
  return answer.ok ? { ok: true, value: null } : answer
}

/** One request, one response. Never throws. */
function askLive(socketFile: string, question: LiveQuestion, timeoutMs: number): Promise<Outcome<Accepted>> {
  const { promise, resolve } = Promise.withResolvers<Outcome<Accepted>>()
  const socket = connect(socketFile)
  const deadline = setTimeout(() => settle(unreachable(`no answer within ${timeoutMs} ms`)), timeoutMs)
  const settle = (outcome: Outcome<Accepted>) => {
    clearTimeout(deadline)
    socket.destroy()
    resolve(outcome)
  }
  socket.once('connect', () => socket.write(`${JSON.stringify({ id: '1', ...question })}\n`))
  socket.once('error', (error) => settle(unreachable(error.message)))
  socket.once('close', () => settle(unreachable('the connection ended')))
  onFirstLine(socket, (line) => settle(readResponse(line)))
  return promise
}

function onFirstLine(socket: Socket, use: (line: string) => void): void {
  let text = ''
  socket.setEncoding('utf8')
  socket.on('data', (chunk: string) => {
    text += chunk
    const end = text.indexOf('\n')
    if (end >= 0) use(text.slice(0, end))
  })
}

function readResponse(line: string): Outcome<Accepted> {
  try {
    const response = JSON.parse(line) as LiveResponse
    if (response.ok === true) return { ok: true, value: response }
    const code: ErrorCode = response.code in errorCodes ? response.code : 'INTERNAL'
    return refuse(code, { message: response.message, hint: response.hint })
  } catch {
    return unreachable('an answer that is not JSON')
  }
}

function unreachable(why: string): Outcome<never> {
  return refuse('LIVE_UNREACHABLE', { message: `The live process does not answer: ${why}.` })
}
