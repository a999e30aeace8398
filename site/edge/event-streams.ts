import type { ServerResponse } from 'node:http'

/** One timer for all of them keeps proxies from closing quiet streams. */
const heartbeatMs = 15_000
/** What a reader may leave unread before it is given up; it comes back by itself. */
const mostUnreadBytes = 64 * 1024
const mostStreams = 10_000

const headers = {
  'content-type': 'text/event-stream',
  // no-transform: compressing proxies would hold events back.
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
  'access-control-allow-origin': '*',
  'x-content-type-options': 'nosniff',
}

interface Topic {
  readonly listeners: Set<ServerResponse>
  last: string
}

/** Server-sent events (HTML Standard 9.2) by topic; a message goes out only when it differs from the one before. */
export class EventStreams {
  readonly #topics = new Map<string, Topic>()
  readonly #heartbeat = setInterval(() => this.#beat(), heartbeatMs).unref()
  #count = 0

  /** Whether there was room for one more. */
  add(topic: string, data: string, response: ServerResponse): boolean {
    if (this.#count >= mostStreams) return false
    const known = this.#topics.get(topic) ?? { listeners: new Set<ServerResponse>(), last: data }
    this.#topics.set(topic, known)
    known.listeners.add(response)
    this.#count++
    response.once('close', () => {
      this.#count--
      known.listeners.delete(response)
      if (known.listeners.size === 0) this.#topics.delete(topic)
    })
    response.writeHead(200, headers)
    response.write(`retry: 1000\ndata: ${data}\n\n`)
    return true
  }

  /** Tells every topic with listeners what `dataOf` says of it; where it says null the streams end. */
  refresh(dataOf: (topic: string) => string | null): void {
    for (const [name, topic] of this.#topics) {
      const data = dataOf(name)
      if (data === null) for (const listener of topic.listeners) listener.end()
      else if (data !== topic.last) this.#send(topic, data)
    }
  }

  close(): void {
    clearInterval(this.#heartbeat)
    for (const topic of this.#topics.values()) for (const listener of topic.listeners) listener.end()
  }

  #send(topic: Topic, data: string): void {
    topic.last = data
    for (const listener of topic.listeners) write(listener, `data: ${data}\n\n`)
  }

  #beat(): void {
    for (const topic of this.#topics.values()) for (const listener of topic.listeners) write(listener, ':\n\n')
  }
}

function write(listener: ServerResponse, text: string): void {
  if (listener.writableLength > mostUnreadBytes) listener.destroy()
  else listener.write(text)
}
