import type {
  ByteRange,
  DateRange,
  MediaMap,
  MediaPlaylist,
  MediaSegment,
  Part,
  PreloadHint,
  RenditionReport,
  ServerControl,
  Skip,
} from './playlist.ts'
import { type Attributes, parseAttributes, parseDecimal, parseInteger } from './tags/attribute-list.ts'
import { parseByteRange, parseMap } from './tags/byte-range.ts'
import { parseDate, parseDateRange } from './tags/date-range.ts'
import { parsePart, parsePreloadHint, parseRenditionReport, parseServerControl, parseSkip } from './tags/low-latency.ts'

type Verdict = string | null

/** What has been said of the segment whose address is still to come. */
interface NextSegment {
  durationS: number | null
  discontinuity: boolean
  gap: boolean
  programDateTimeMs: number | null
  byteRange: ByteRange | null
  parts: Part[]
}

const nothing = (): NextSegment => ({
  durationS: null,
  discontinuity: false,
  gap: false,
  programDateTimeMs: null,
  byteRange: null,
  parts: [],
})

/** Collects a media playlist line by line; each method answers null or what is wrong with the line. */
export class MediaReading {
  #version = 1
  #targetDurationS: number | null = null
  #mediaSequence = 0
  #discontinuitySequence = 0
  #type: MediaPlaylist['type'] = null
  #independent = false
  #ended = false
  #serverControl: ServerControl | null = null
  #partTargetS: number | null = null
  #skip: Skip | null = null
  #map: MediaMap | null = null
  #next = nothing()
  readonly #segments: MediaSegment[] = []
  readonly #hints: PreloadHint[] = []
  readonly #reports: RenditionReport[] = []
  readonly #dateRanges: DateRange[] = []

  tag(name: string, value: string): Verdict {
    const read = this.#readers[name]
    return read ? read(value) : null
  }

  address(uri: string): Verdict {
    const { durationS, ...said } = this.#next
    if (durationS === null) return 'an address without #EXTINF before it'
    this.#segments.push({ uri, durationS, map: this.#map, ...said })
    this.#next = nothing()
    return null
  }

  result(): MediaPlaylist | string {
    if (this.#targetDurationS === null) return 'a media playlist needs #EXT-X-TARGETDURATION'
    if (this.#next.durationS !== null) return '#EXTINF without an address after it'
    return {
      kind: 'media',
      version: this.#version,
      targetDurationS: this.#targetDurationS,
      mediaSequence: this.#mediaSequence,
      discontinuitySequence: this.#discontinuitySequence,
      type: this.#type,
      independentSegments: this.#independent,
      serverControl: this.#serverControl,
      partTargetS: this.#partTargetS,
      skip: this.#skip,
      segments: this.#segments,
      openParts: this.#next.parts,
      preloadHints: this.#hints,
      renditionReports: this.#reports,
      dateRanges: this.#dateRanges,
      ended: this.#ended,
    }
  }

  readonly #readers: Readonly<Record<string, (value: string) => Verdict>> = {
    '#EXT-X-VERSION': whole('#EXT-X-VERSION', (value) => {
      this.#version = value
    }),
    '#EXT-X-TARGETDURATION': whole('#EXT-X-TARGETDURATION', (value) => {
      this.#targetDurationS = value
    }),
    '#EXT-X-MEDIA-SEQUENCE': whole('#EXT-X-MEDIA-SEQUENCE', (value) => {
      this.#mediaSequence = value
    }),
    '#EXT-X-DISCONTINUITY-SEQUENCE': whole('#EXT-X-DISCONTINUITY-SEQUENCE', (value) => {
      this.#discontinuitySequence = value
    }),
    '#EXT-X-PLAYLIST-TYPE': (value) => {
      if (value !== 'VOD' && value !== 'EVENT') return '#EXT-X-PLAYLIST-TYPE is VOD or EVENT'
      this.#type = value
      return null
    },
    '#EXT-X-INDEPENDENT-SEGMENTS': () => {
      this.#independent = true
      return null
    },
    '#EXT-X-ENDLIST': () => {
      this.#ended = true
      return null
    },
    '#EXT-X-DISCONTINUITY': () => {
      this.#next.discontinuity = true
      return null
    },
    '#EXT-X-GAP': () => {
      this.#next.gap = true
      return null
    },
    '#EXTINF': (value) => {
      this.#next.durationS = parseDecimal(value.split(',')[0]?.trim())
      return this.#next.durationS === null ? '#EXTINF needs a duration in seconds' : null
    },
    '#EXT-X-PROGRAM-DATE-TIME': (value) => {
      this.#next.programDateTimeMs = parseDate(value)
      return this.#next.programDateTimeMs === null ? '#EXT-X-PROGRAM-DATE-TIME needs a date' : null
    },
    '#EXT-X-BYTERANGE': (value) => {
      this.#next.byteRange = parseByteRange(value)
      return this.#next.byteRange === null ? '#EXT-X-BYTERANGE needs length[@offset]' : null
    },
    '#EXT-X-MAP': attributed('#EXT-X-MAP needs URI', parseMap, (map) => {
      this.#map = map
    }),
    '#EXT-X-PART': attributed('#EXT-X-PART needs DURATION and URI', parsePart, (part) => {
      this.#next.parts.push(part)
    }),
    '#EXT-X-PART-INF': attributed(
      '#EXT-X-PART-INF needs PART-TARGET',
      (attributes) => parseDecimal(attributes.get('PART-TARGET')),
      (target) => {
        this.#partTargetS = target
      },
    ),
    '#EXT-X-SERVER-CONTROL': attributed('#EXT-X-SERVER-CONTROL needs attributes', parseServerControl, (control) => {
      this.#serverControl = control
    }),
    '#EXT-X-SKIP': attributed('#EXT-X-SKIP needs SKIPPED-SEGMENTS', parseSkip, (skip) => {
      this.#skip = skip
    }),
    '#EXT-X-PRELOAD-HINT': attributed('#EXT-X-PRELOAD-HINT needs TYPE and URI', parsePreloadHint, (hint) => {
      this.#hints.push(hint)
    }),
    '#EXT-X-RENDITION-REPORT': attributed('#EXT-X-RENDITION-REPORT needs URI', parseRenditionReport, (report) => {
      this.#reports.push(report)
    }),
    '#EXT-X-DATERANGE': attributed('#EXT-X-DATERANGE needs ID and START-DATE', parseDateRange, (range) => {
      this.#dateRanges.push(range)
    }),
  }
}

function whole(name: string, take: (value: number) => void): (text: string) => Verdict {
  return (text) => {
    const value = parseInteger(text.trim())
    if (value === null) return `${name} needs a whole number`
    take(value)
    return null
  }
}

function attributed<T>(
  problem: string,
  parse: (attributes: Attributes) => T | null,
  take: (value: T) => void,
): (text: string) => Verdict {
  return (text) => {
    const attributes = parseAttributes(text.trim())
    const value = attributes && parse(attributes)
    if (value === null) return problem
    take(value)
    return null
  }
}
