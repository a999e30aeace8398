import { type ErrorCode, errorCodes } from '#archive/core/error-codes.ts'
import type { SourceFacts } from './source-observer.ts'

export interface FitSettings {
  readonly maxBitrateBps: number
}

export interface FitReason {
  readonly code: ErrorCode
  /** What was seen and what is allowed. */
  readonly detail: string
  /** Which setting of the encoder would make the source fit. */
  readonly hint: string
}

export type SourceFit =
  | { readonly fits: true; readonly settled: boolean }
  | { readonly fits: false; readonly settled: boolean; readonly reasons: readonly FitReason[] }

const longestKeyframeIntervalMs = 4400
const mostBFrames = 2

/** Whether the source can be published untouched: one reason for each rule that it breaks. */
export function fitSource(facts: SourceFacts, settings: FitSettings): SourceFit {
  const reasons = [...pixelReasons(facts), ...timingReasons(facts), ...bitrateReasons(facts, settings)]
  const { settled } = facts
  return reasons.length === 0 ? { fits: true, settled } : { fits: false, settled, reasons }
}

function pixelReasons({ video }: SourceFacts): FitReason[] {
  if (!video) return [reason('SOURCE_VIDEO_UNSUPPORTED', 'The video is not H.264.')]
  const reasons: FitReason[] = []
  if (video.chroma !== '4:2:0' || video.bitDepth !== 8) {
    reasons.push(
      reason('SOURCE_NOT_FIT_PIXELS', `The picture is ${video.bitDepth}-bit ${video.chroma}, not 8-bit 4:2:0.`),
    )
  }
  if (!video.progressive) reasons.push(reason('SOURCE_NOT_FIT_INTERLACED', 'The picture may be coded in fields.'))
  return reasons
}

/** The distance of frames is judged when enough have been seen; what is already wrong is said at once. */
function timingReasons(facts: SourceFacts): FitReason[] {
  const { keyframes, everyKeyframeIdr, settled, constant, bFrames } = facts
  const reasons: FitReason[] = []
  const longestMs = Math.max(keyframes.longestMs, keyframes.runningMs)
  if (!everyKeyframeIdr) reasons.push(reason('SOURCE_NOT_FIT_KEYFRAMES', 'A keyframe is not an IDR picture.'))
  if (settled && !constant) {
    reasons.push(reason('SOURCE_NOT_FIT_FRAME_RATE', 'Frames come more than 5 ms off a constant interval.'))
  }
  if (bFrames > mostBFrames) {
    reasons.push(reason('SOURCE_NOT_FIT_B_FRAMES', `${bFrames} B-frames in a row, at most ${mostBFrames} are allowed.`))
  }
  if (longestMs > longestKeyframeIntervalMs) {
    const seconds = (longestMs / 1000).toFixed(1)
    reasons.push(reason('SOURCE_KEYFRAMES_TOO_FAR', `Keyframes are ${seconds} s apart, at most 4.4 s are allowed.`))
  }
  return reasons
}

function bitrateReasons({ bitrateBps }: SourceFacts, { maxBitrateBps }: FitSettings): FitReason[] {
  if (bitrateBps === null || bitrateBps <= maxBitrateBps) return []
  const [seen, allowed] = [bitrateBps, maxBitrateBps].map((bps) => (bps / 1e6).toFixed(1))
  return [reason('SOURCE_NOT_FIT_BITRATE', `${seen} Mbit/s over five seconds, at most ${allowed} are allowed.`)]
}

function reason(code: ErrorCode, detail: string): FitReason {
  return { code, detail, hint: errorCodes[code].hint }
}
