import type { RenditionName } from './packaging.ts'
import { entryMs, type Timeline } from './timeline.ts'

export interface Bandwidth {
  readonly peakBps: number
  readonly averageBps: number
}

/**
 * Bit rates measured from bytes. The peak is the largest rate of any run of neighbouring segments whose duration is
 * between half and one and a half target durations (draft-pantos-hls-rfc8216bis 4.4.6.2); where there is none, the
 * average. Null without segments.
 */
export function measureBandwidth(timeline: Timeline, rendition: RenditionName, targetS: number): Bandwidth | null {
  let bytes = 0
  let durationMs = 0
  let peakBps = 0
  for (const span of timeline.spans) {
    const of = span.renditions.get(rendition)
    if (!of) continue
    const run: { bytes: number; ms: number }[] = []
    for (const entry of of.entries.values()) {
      if (entry.kind === 'gap') {
        run.length = 0
        continue
      }
      const ms = entryMs(of, entry)
      bytes += entry.sizeBytes
      durationMs += ms
      run.push({ bytes: entry.sizeBytes, ms })
      peakBps = Math.max(peakBps, peakEndingHere(run, targetS))
    }
  }
  if (durationMs <= 0) return null
  const averageBps = Math.ceil((bytes * 8000) / durationMs)
  return { averageBps, peakBps: Math.max(Math.ceil(peakBps), averageBps) }
}

function peakEndingHere(run: readonly { bytes: number; ms: number }[], targetS: number): number {
  let bytes = 0
  let ms = 0
  let peakBps = 0
  for (let i = run.length - 1; i >= 0 && ms <= targetS * 1500; i--) {
    bytes += run[i]?.bytes ?? 0
    ms += run[i]?.ms ?? 0
    if (ms >= targetS * 500 && ms <= targetS * 1500) peakBps = Math.max(peakBps, (bytes * 8000) / ms)
  }
  return peakBps
}
