import { createHash } from 'node:crypto'
import type { MediaSegment, Part } from '#archive/hls/playlist.ts'
import { FragmentReader, type MediaSample } from '../../../transcode/mp4/fragment-reader.ts'
import { type Check, each, short } from '../check.ts'
import { about, readPlaylists } from '../observations.ts'
import type { FileSeen, Session } from '../session.ts'

/** Decimals of a playlist, and a source's clock in milliseconds. */
const durationToleranceS = 0.002

interface CompleteSegment {
  readonly rendition: string
  readonly segment: MediaSegment
}

function completeSegments(session: Session): CompleteSegment[] {
  const found = new Map<string, CompleteSegment>()
  for (const { rendition, playlist } of readPlaylists(session)) {
    for (const segment of playlist.segments) {
      if (segment.parts.length > 0 && !segment.gap) found.set(`${rendition} ${segment.uri}`, { rendition, segment })
    }
  }
  return [...found.values()]
}

function fetched({ files }: Session): ReadonlyMap<string, FileSeen> {
  return new Map(files.filter(({ exchange }) => exchange.status === 200).map((file) => [file.url, file]))
}

interface ReadPart {
  readonly rendition: string
  readonly part: Part
  readonly timescale: number
  /** Null when it cannot be read. */
  readonly samples: readonly MediaSample[] | null
}

/** Parts of complete segments, read with their init section. */
function readParts(session: Session): ReadPart[] {
  const files = fetched(session)
  return completeSegments(session).flatMap(({ rendition, segment }) => {
    const init = segment.map && files.get(new URL(segment.map.uri, rendition).href)
    if (!init) return []
    return segment.parts.flatMap((part) => {
      const file = files.get(new URL(part.uri, rendition).href)
      return file ? [readPart({ rendition, part }, init.exchange.body, file.exchange.body)] : []
    })
  })
}

function readPart(of: Pick<ReadPart, 'rendition' | 'part'>, init: Uint8Array, bytes: Uint8Array): ReadPart {
  try {
    const reader = new FragmentReader()
    const head = reader.push(init).find((event) => event.type === 'init')
    const samples = reader.push(bytes).filter((event) => event.type === 'sample')
    return { ...of, timescale: head?.init.timescale ?? 1, samples }
  } catch {
    return { ...of, timescale: 1, samples: null }
  }
}

export const mediaChecks: readonly Check[] = [
  {
    id: 'segment-is-its-parts',
    clause: '4.4.4.9',
    rule: "a segment's bytes are its parts' bytes joined",
    judge: (session) => {
      const files = fetched(session)
      const joined = completeSegments(session).flatMap(({ rendition, segment }) => {
        const whole = files.get(new URL(segment.uri, rendition).href)
        const parts = segment.parts.map(({ uri }) => files.get(new URL(uri, rendition).href))
        return whole && parts.every((part) => part !== undefined) ? [{ whole, parts }] : []
      })
      return each(joined, ({ whole, parts }) => {
        const digest = createHash('sha256')
        for (const part of parts) digest.update(part.exchange.body)
        return digest.digest('hex') === whole.digest ? null : about(whole, `${short(whole.url)} differs from its parts`)
      })
    },
  },
  {
    id: 'part-durations-true',
    clause: '4.4.4.9',
    rule: "a part's media lasts as long as its tag says",
    judge: (session) =>
      each(readParts(session), (read) => {
        const ticks = read.samples?.reduce((sum, { durationTicks }) => sum + durationTicks, 0) ?? 0
        const isS = ticks / read.timescale
        return Math.abs(isS - read.part.durationS) <= durationToleranceS
          ? null
          : about(read, `${short(read.part.uri)} lasts ${isS.toFixed(4)} s, its tag says ${read.part.durationS} s`)
      }),
  },
  {
    id: 'independent-parts',
    clause: '4.4.4.9',
    rule: 'a part with INDEPENDENT=YES holds a keyframe, the first part of a segment with EXT-X-INDEPENDENT-SEGMENTS too',
    judge: (session) =>
      each(
        readParts(session).filter(({ part }) => part.independent),
        (read) =>
          read.samples?.some(({ keyframe }) => keyframe)
            ? null
            : about(read, `${short(read.part.uri)} has no keyframe`),
      ),
  },
  {
    id: 'decodable-parts',
    clause: '4.4.4.9',
    rule: 'ffmpeg decodes init section and parts without complaint',
    judge: ({ decodings }) =>
      each(decodings, (run) =>
        run.complaints.length === 0 ? null : about(run, `${short(run.init)}: ${run.complaints.slice(0, 3).join('; ')}`),
      ),
  },
  {
    id: 'immutable-bytes',
    clause: '6.2.1, Apple HLS authoring specification',
    rule: 'an address gives the same bytes whenever it is asked for',
    judge: ({ files }) => {
      const groups = Map.groupBy(
        files.filter(({ exchange }) => exchange.status === 200),
        ({ url }) => url,
      )
      const repeated = [...groups.values()].filter((group) => group.length > 1)
      return each(repeated, (group) => {
        const first = group[0]
        return first && group.some(({ digest }) => digest !== first.digest)
          ? about(first, `${short(first.url)} gave other bytes later`)
          : null
      })
    },
  },
]
