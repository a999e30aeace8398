import { connect } from 'node:net'

export interface Health {
  /** `degraded`: the public can reach the edge, and something behind it is missing. */
  readonly status: 'ok' | 'degraded'
  readonly live: 'up' | 'down'
  readonly site: 'up' | 'down'
  readonly catalogue: 'up' | 'down'
}

const siteAnswersWithinMs = 1000

export async function readHealth(parts: {
  isLiveUp: boolean
  isCatalogueUp: boolean
  siteSocket: string
}): Promise<Health> {
  const up = (isUp: boolean) => (isUp ? 'up' : 'down')
  const isSiteUp = await accepts(parts.siteSocket)
  const isAll = parts.isLiveUp && parts.isCatalogueUp && isSiteUp
  return {
    status: isAll ? 'ok' : 'degraded',
    live: up(parts.isLiveUp),
    site: up(isSiteUp),
    catalogue: up(parts.isCatalogueUp),
  }
}

function accepts(socketFile: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect(socketFile)
  socket.setTimeout(siteAnswersWithinMs)
  for (const event of ['connect', 'error', 'timeout'] as const) {
    socket.once(event, () => {
      socket.destroy()
      resolve(event === 'connect')
    })
  }
  return promise
}
