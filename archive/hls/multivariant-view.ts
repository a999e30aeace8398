import { renditionNames } from './address.ts'
import { type Bandwidth, measureBandwidth } from './bandwidth.ts'
import { targetDurationS } from './media-view.ts'
import type { AudioSpec, RenditionName, RenditionSpec, VideoSpec } from './packaging.ts'
import type { AlternativeRendition, MultivariantPlaylist, Variant } from './playlist.ts'
import type { ViewKind } from './segment-list.ts'
import type { Timeline, TimelineRendition, TimelineSpan } from './timeline.ts'

/** After this many segments of the master a rendition that still has none is not waited for. */
const patience = 2

interface Measured<S extends RenditionSpec> {
  readonly spec: S
  readonly bandwidth: Bandwidth
}

/**
 * The multivariant playlist; media playlists stand beside it as `<rendition>.m3u8`. For a live view it offers the renditions
 * of the latest span that are being produced (a shed one leaves it); for a replay every rendition that has media anywhere.
 * Null until the first segment of each rendition exists, or two of the master: who comes first should not be
 * left without sound because that segment closed a moment later.
 */
export function multivariantPlaylist(timeline: Timeline, kind: ViewKind): MultivariantPlaylist | null {
  const names = kind === 'live' ? liveNames(timeline) : replayNames(timeline)
  const measured = names.flatMap((name) => measure(timeline, name))
  const videos = measured.filter((of): of is Measured<VideoSpec> => of.spec.kind === 'video')
  const audio = measured.find((of): of is Measured<AudioSpec> => of.spec.kind === 'audio') ?? null
  if (videos.length === 0 && !audio) return null
  return {
    kind: 'multivariant',
    version: 7,
    independentSegments: true,
    renditions: audio && videos.length > 0 ? [audioRendition(audio.spec)] : [],
    variants:
      videos.length > 0 ? videos.map((video) => videoVariant(video, audio)) : audio ? [audioVariant(audio)] : [],
  }
}

function liveNames(timeline: Timeline): RenditionName[] {
  const span = timeline.spans.findLast((candidate) => hasMedia(candidate))
  if (!span || !isComplete(timeline, span)) return []
  const present = renditionNames.filter((name) => hasSegments(span.renditions.get(name)))
  const produced = present.filter((name) => !isShed(span.renditions.get(name)))
  return produced.length > 0 ? produced : present
}

/** Only the very first segments are waited for: later spans find viewers who have chosen already. */
function isComplete(timeline: Timeline, span: TimelineSpan): boolean {
  const renditions = [...span.renditions.values()]
  const master = span.renditions.get(span.master)
  return (
    span !== timeline.spans[0] ||
    span.end !== null ||
    renditions.every((rendition) => rendition.entries.size > 0) ||
    (master?.entries.size ?? 0) >= patience
  )
}

function replayNames(timeline: Timeline): RenditionName[] {
  return renditionNames.filter((name) => timeline.spans.some((span) => hasSegments(span.renditions.get(name))))
}

function hasMedia(span: TimelineSpan): boolean {
  return [...span.renditions.values()].some(hasSegments)
}

function hasSegments(rendition: TimelineRendition | undefined): boolean {
  return rendition !== undefined && [...rendition.entries.values()].some((entry) => entry.kind === 'segment')
}

function isShed(rendition: TimelineRendition | undefined): boolean {
  return rendition?.entries.get(rendition.lastNumber)?.kind === 'gap'
}

function measure(timeline: Timeline, name: RenditionName): Measured<RenditionSpec>[] {
  const spec = largestSpec(timeline, name)
  const bandwidth = measureBandwidth(timeline, name, targetDurationS)
  return spec && bandwidth ? [{ spec, bandwidth }] : []
}

/** A rendition may change its size between spans (another camera): the largest is promised, the latest among equals. */
function largestSpec(timeline: Timeline, name: RenditionName): RenditionSpec | null {
  const area = (spec: RenditionSpec) => (spec.kind === 'video' ? spec.width * spec.height : 0)
  return timeline.spans
    .map((span) => span.renditions.get(name))
    .flatMap((rendition) => (rendition && hasSegments(rendition) ? rendition.spec : []))
    .reduce<RenditionSpec | null>((best, spec) => (best && area(best) > area(spec) ? best : spec), null)
}

function audioRendition(spec: AudioSpec): AlternativeRendition {
  return {
    type: 'AUDIO',
    groupId: 'audio',
    name: 'audio',
    language: null,
    isDefault: true,
    autoselect: true,
    channels: String(spec.channels),
    uri: `${spec.name}.m3u8`,
  }
}

function videoVariant({ spec, bandwidth }: Measured<VideoSpec>, audio: Measured<AudioSpec> | null): Variant {
  return {
    uri: `${spec.name}.m3u8`,
    bandwidthBps: bandwidth.peakBps + (audio?.bandwidth.peakBps ?? 0),
    averageBandwidthBps: bandwidth.averageBps + (audio?.bandwidth.averageBps ?? 0),
    codecs: audio ? `${spec.codecs},${audio.spec.codecs}` : spec.codecs,
    resolution: { width: spec.width, height: spec.height },
    frameRate: spec.frameRate && spec.frameRate.num / spec.frameRate.den,
    audio: audio && 'audio',
  }
}

function audioVariant({ spec, bandwidth }: Measured<AudioSpec>): Variant {
  return {
    uri: `${spec.name}.m3u8`,
    bandwidthBps: bandwidth.peakBps,
    averageBandwidthBps: bandwidth.averageBps,
    codecs: spec.codecs,
    resolution: null,
    frameRate: null,
    audio: null,
  }
}
