import { connect, type Socket } from 'node:net'
import type { Log } from '#archive/core/log.ts'
import { FrameReader, type LiveFrame } from '#archive/hls/live-message.ts'

export interface LiveFeedHandlers {
  readonly onFrame: (frame: LiveFrame) => void
  readonly onConnected: () => void
  readonly onLost: () => void
}

export interface LiveFeed {
  readonly isConnected: boolean
  close(): void
}

const firstDelayMs = 50
const longestDelayMs = 1000

/** Listens to *live* for ever: connects again, later each time up to a second, whenever the line is lost or talks nonsense. */
export function followLive(socketFile: string, handlers: LiveFeedHandlers, log: Log): LiveFeed {
  let delayMs = firstDelayMs
  let isConnected = false
  let isClosed = false
  let socket: Socket
  let timer: NodeJS.Timeout | undefined

  const attempt = () => {
    const reader = new FrameReader()
    socket = connect(socketFile)
    socket.once('connect', () => {
      isConnected = true
      delayMs = firstDelayMs
      log.info('connected to live')
      handlers.onConnected()
    })
    socket.on('data', (bytes) => {
      try {
        for (const frame of reader.push(bytes)) handlers.onFrame(frame)
      } catch (error) {
        log.error({ err: error }, 'live sent what cannot be read')
        socket.destroy()
      }
    })
    // `close` follows every error.
    socket.on('error', () => undefined)
    socket.once('close', () => {
      if (isConnected) {
        isConnected = false
        log.warn('lost live')
        handlers.onLost()
      }
      if (isClosed) return
      timer = setTimeout(attempt, delayMs)
      delayMs = Math.min(delayMs * 2, longestDelayMs)
    })
  }
  attempt()
  return {
    get isConnected() {
      return isConnected
    },
    close() {
      isClosed = true
      clearTimeout(timer)
      socket.destroy()
    },
  }
}
