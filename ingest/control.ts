import { refuse } from '#archive/core/errors.ts'
import type { CatalogueLink } from './catalogue/catalogue-link.ts'
import type { LiveRooms } from './meeting/live-rooms.ts'
import { liveMetrics } from './metrics.ts'
import { roomStatuses } from './status.ts'
import type { ControlHandler } from './wire/control-server.ts'

/** What the control socket answers: a command is confirmed when it is in force and on disk. */
export function createControl(deps: {
  rooms: LiveRooms
  link: Pick<CatalogueLink, 'look' | 'counts'>
}): ControlHandler {
  const { rooms, link } = deps
  return async (request) => {
    switch (request.type) {
      case 'command': {
        const outcome = rooms.command(request.command)
        if (!outcome.ok) return outcome
        return outcome.value.kept ? { ok: true, state: outcome.value.to } : refuse('STATE_NOT_KEPT')
      }
      case 'key-revoked':
        rooms.revoke(request.key)
        link.look()
        return { ok: true }
      case 'directory-changed':
        link.look()
        return { ok: true }
      case 'status':
        return { ok: true, rooms: roomStatuses(rooms), metrics: liveMetrics(deps) }
    }
  }
}
