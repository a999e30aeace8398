import { get, type IncomingMessage } from 'node:http'

/** What a server-sent event stream has said so far. */
export interface EventReader {
  readonly response: IncomingMessage
  /** The data of every message, parsed. */
  readonly messages: readonly unknown[]
  readonly isEnded: boolean
  close(): void
}

export function readEvents(port: number, path: string): Promise<EventReader> {
  return new Promise((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      const messages: unknown[] = []
      let text = ''
      let isEnded = false
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
        const blocks = text.split('\n\n')
        text = blocks.pop() ?? ''
        for (const block of blocks) {
          const data = /^data: (.*)$/m.exec(block)?.[1]
          if (data !== undefined) messages.push(JSON.parse(data))
        }
      })
      response.on('close', () => {
        isEnded = true
      })
      response.on('error', () => undefined)
      resolve({
        response,
        messages,
        get isEnded() {
          return isEnded
        },
        close: () => request.destroy(),
      })
    })
    request.on('error', reject)
  })
}
