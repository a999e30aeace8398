import { targetDurationS } from './media-view.ts'
import type { ServerControl } from './playlist.ts'

/** Parts are cut at 0.4 s nominal and reach this; never changes during a stream, equal in all renditions (4.4.3.7). */
export const partTargetS = 0.42

/** Three parts and three target durations (4.4.3.8, Apple's authoring specification); six until segments may be skipped. */
export const serverControl: ServerControl = {
  canBlockReload: true,
  canSkipUntilS: 6 * targetDurationS,
  canSkipDateRanges: false,
  holdBackS: 3 * targetDurationS,
  partHoldBackS: 3 * partTargetS,
}

/** Parts of segments that end further from the live edge are not listed (6.2.2). */
export const partWindowS = 3 * targetDurationS

/** A reload that is blocked longer is given up with 503 (6.2.5.2). */
export const longestBlockS = 3 * targetDurationS

/** How many parts beyond the newest a reload may ask for (6.2.5.2, Advance Part Limit). */
export const advancePartLimit = Math.ceil(3 / partTargetS)

/** The last part of a segment may always be waited for: players that load whole segments do. */
export const mostExpectedPart = Math.ceil(targetDurationS / partTargetS)

/** What a blocking reload waits for: `_HLS_msn`, and `_HLS_part` or null for the whole segment. */
export interface ReloadPosition {
  readonly msn: number
  readonly part: number | null
}
