import type { LiveMetrics } from '#archive/operations/live-metrics.ts'
import { spoolQueuedBytes } from '#archive/storage/spool-writer.ts'
import type { CatalogueLink } from './catalogue/catalogue-link.ts'
import type { LiveRooms } from './meeting/live-rooms.ts'

/** Adds up what rooms, spool and catalogue link have counted; nothing is counted twice and nothing is waited for. */
export function liveMetrics(deps: { rooms: LiveRooms; link: Pick<CatalogueLink, 'counts'> }): LiveMetrics {
  const rooms = deps.rooms.rooms()
  const feeds = rooms.flatMap(({ feed }) => (feed ? [feed] : []))
  const meetings: Record<string, number> = {}
  for (const { serving } of rooms) if (serving) meetings[serving.state] = (meetings[serving.state] ?? 0) + 1
  const { user, system } = process.cpuUsage()
  return {
    uptimeS: process.uptime(),
    cpuS: (user + system) / 1e6,
    residentBytes: process.memoryUsage.rss(),
    feeds: feeds.length,
    feedBitrateBps: feeds.reduce((sum, { watch }) => sum + watch.facts().bitrateBps, 0),
    packetsAdmitted: rooms.reduce((sum, room) => sum + room.packets.admitted, 0),
    packetsDropped: rooms.reduce((sum, room) => sum + room.packets.dropped, 0),
    ...deps.link.counts(),
    spoolQueuedBytes: spoolQueuedBytes(),
    meetings,
  }
}
