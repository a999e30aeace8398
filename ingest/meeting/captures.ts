import type { MeetingId, RecordingId } from '#archive/core/ids.ts'
import type { Log } from '#archive/core/log.ts'
import type { FeedPacket } from '#archive/hls/feed.ts'
import type { SpanCause } from '#archive/hls/packaging.ts'
import type { Capture } from './capture.ts'
import type { RegisteredMeeting } from './meeting-register.ts'

/** Packets that may wait for the spool to be opened: some seconds of a rich feed. */
const mostWaiting = 2_000

/** Opens (or goes on with) a recording. */
export type OpenCapture = (meeting: RegisteredMeeting, recording: RecordingId) => Promise<Capture>

/**
 * The recordings in the making, one a meeting. A capture is usable at once: what is pushed while its spool is being
 * opened waits in order.
 */
export class Captures {
  readonly #open: OpenCapture
  readonly #log: Log
  readonly #captures = new Map<MeetingId, Capture>()
  readonly #ending = new Set<Promise<void>>()
  #isSuspended = false

  constructor(deps: { open: OpenCapture; log: Log }) {
    this.#open = deps.open
    this.#log = deps.log
  }

  get(meeting: MeetingId): Capture | null {
    return this.#captures.get(meeting) ?? null
  }

  /** The capture of a meeting that is open, begun or resumed when there is none. */
  of(meeting: RegisteredMeeting, recording: RecordingId): Capture {
    const known = this.#captures.get(meeting.id)
    if (known) return known
    if (this.#isSuspended) return nowhere
    const previous = [...this.#ending]
    const opening = Promise.allSettled(previous).then(() => this.#open(meeting, recording))
    opening.catch((error: unknown) => this.#log.error({ err: error, recording }, 'a recording could not be opened'))
    const capture = waitingCapture(opening)
    this.#captures.set(meeting.id, capture)
    return capture
  }

  /** Takes the capture away and lets `finish` close it; a later one of the same meeting waits for that. */
  finish(meeting: MeetingId, finish: (capture: Capture) => Promise<void>): void {
    const capture = this.#captures.get(meeting)
    if (!capture) return
    this.#captures.delete(meeting)
    const ending = finish(capture)
      .catch((error: unknown) => this.#log.error({ err: error, meeting }, 'a recording could not be closed'))
      .finally(() => this.#ending.delete(ending))
    this.#ending.add(ending)
  }

  /** Nothing is begun any more: the process is about to end. */
  async suspendAll(): Promise<void> {
    this.#isSuspended = true
    for (const meeting of [...this.#captures.keys()]) this.finish(meeting, (capture) => capture.suspend())
    await Promise.allSettled([...this.#ending])
  }
}

const nowhere: Capture = {
  push: () => undefined,
  cut: () => undefined,
  still: () => undefined,
  end: async () => undefined,
  discard: async () => undefined,
  suspend: async () => undefined,
  lastMediaAtMs: null,
  silentSinceMs: null,
}

function waitingCapture(opening: Promise<Capture>): Capture {
  let ready: Capture | null = null
  let waiting: ((capture: Capture) => void)[] = []
  const when = (act: (capture: Capture) => void) => {
    if (ready) act(ready)
    else if (waiting.length < mostWaiting) waiting.push(act)
  }
  opening.then(
    (capture) => {
      ready = capture
      for (const act of waiting) act(capture)
      waiting = []
    },
    // Reported by whoever opened it; without a spool there is nowhere for the packets to go.
    () => {
      waiting = []
    },
  )
  return {
    push: (packet: FeedPacket) => when((capture) => capture.push(packet)),
    cut: (cause: SpanCause) => when((capture) => capture.cut(cause)),
    still: (why) => when((capture) => capture.still(why)),
    end: async (atMs) => (await opening).end(atMs),
    discard: async () => (await opening).discard(),
    suspend: async () => (await opening).suspend(),
    get lastMediaAtMs() {
      return ready?.lastMediaAtMs ?? null
    },
    get silentSinceMs() {
      return ready?.silentSinceMs ?? null
    },
  }
}
