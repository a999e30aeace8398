import { Counter, Gauge, type Registry } from 'prom-client'
import type { LiveMetrics } from '#archive/operations/live-metrics.ts'

/** Writes the figures of *live* into a registry that is made for one answer; `up` is 0 and alone when it is away. */
export function observeLive(registry: Registry, live: LiveMetrics | null): void {
  const registers = [registry]
  const gauge = (name: string, help: string, value: number) => {
    new Gauge({ name: `hemicycle_live_${name}`, help, registers }).set(value)
  }
  const counter = (name: string, help: string, value: number) => {
    new Counter({ name: `hemicycle_live_${name}_total`, help, registers }).inc(value)
  }
  gauge('up', 'Whether live answers.', live ? 1 : 0)
  if (!live) return
  gauge('uptime_seconds', 'Since live was started.', live.uptimeS)
  gauge('resident_bytes', 'Memory of live.', live.residentBytes)
  gauge('feeds', 'Encoders connected.', live.feeds)
  gauge('feed_bits_per_second', 'What they send in all.', live.feedBitrateBps)
  gauge('outbox_notes', 'Notes on their way to the catalogue.', live.outboxNotes)
  gauge('spool_queued_bytes', 'Media that waits for the disk.', live.spoolQueuedBytes)
  counter('cpu_seconds', 'Of the live process, without ffmpeg.', live.cpuS)
  counter('packets_admitted', 'Packets that the gates have let in.', live.packetsAdmitted)
  counter('packets_dropped', 'Packets that the gates have turned away.', live.packetsDropped)
  counter('spans', 'Spans begun.', live.spans)
  const incidents = new Counter({
    name: 'hemicycle_live_incidents_total',
    help: 'Incidents opened, by code.',
    labelNames: ['code'],
    registers,
  })
  for (const [code, count] of Object.entries(live.incidents)) incidents.inc({ code }, count)
  const meetings = new Gauge({
    name: 'hemicycle_live_meetings',
    help: 'Meetings that rooms serve, by state.',
    labelNames: ['state'],
    registers,
  })
  for (const [state, count] of Object.entries(live.meetings)) meetings.set({ state }, count)
}
