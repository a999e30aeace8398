import { captionLines, escapeText, plainText } from './caption-text.ts'
import { hasArrow, readTiming, writeTimestamp } from './caption-time.ts'
import { type CaptionsOutcome, type Cue, inOrder, refuseCaptions } from './cue.ts'

const signature = /^WEBVTT(?:[ \t].*)?$/

export function isWebVtt(text: string): boolean {
  return signature.test(captionLines(text.slice(0, 1000))[0] ?? '')
}

/**
 * Reads WebVTT (W3C, section 6.1), tolerantly: the signature may be missing, hours too, a comma may stand for the point.
 * NOTE, STYLE and REGION blocks, identifiers and settings are passed over; so is a block without a time, as players do.
 */
export function readWebVtt(text: string): CaptionsOutcome {
  const lines = captionLines(text)
  const cues: Cue[] = []
  let at = signature.test(lines[0] ?? '') ? 1 : 0
  while (at < lines.length) {
    if (!hasArrow(lines[at] ?? '')) {
      at = isComment(lines[at] ?? '') ? endOfBlock(lines, at + 1) : at + 1
      continue
    }
    const timing = readTiming(lines[at] ?? '', at + 1)
    if (!timing.ok) return timing
    const end = endOfBlock(lines, at + 1)
    const words = plainText(lines.slice(at + 1, end))
    if (words !== '') cues.push({ startMs: timing.startMs, endMs: timing.endMs, text: words })
    at = end
  }
  if (cues.length === 0) return refuseCaptions(lines.length, 'the file ends without a single caption')
  return { ok: true, value: inOrder(cues) }
}

function isComment(line: string): boolean {
  return /^(?:NOTE|STYLE|REGION)(?:[ \t:]|$)/.test(line)
}

/** A block ends at an empty line; a time begins a new one wherever it stands. */
function endOfBlock(lines: readonly string[], from: number): number {
  let at = from
  while (at < lines.length && lines[at]?.trim() !== '' && !hasArrow(lines[at] ?? '')) at++
  return at
}

export function writeWebVtt(cues: readonly Cue[]): string {
  const blocks = cues.map(({ startMs, endMs, text }) => {
    return `${writeTimestamp(startMs, '.')} --> ${writeTimestamp(endMs, '.')}\n${escapeText(text)}\n`
  })
  return ['WEBVTT\n', ...blocks].join('\n')
}
