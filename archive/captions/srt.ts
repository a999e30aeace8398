import { captionLines, plainText, tidy } from './caption-text.ts'
import { hasArrow, readTiming, writeTimestamp } from './caption-time.ts'
import { type CaptionsOutcome, type Cue, inOrder, refuseCaptions } from './cue.ts'

/**
 * Reads SubRip as it is found: numbers may be missing or wrong, empty lines may stand inside a caption, hours may be missing,
 * a point may stand for the comma. Only the times cut the file, so no line of text is lost.
 */
export function readSrt(text: string): CaptionsOutcome {
  const lines = captionLines(text)
  const timings = lines.flatMap((line, index) => (hasArrow(line) ? [index] : []))
  const cues: Cue[] = []
  for (const [position, at] of timings.entries()) {
    const timing = readTiming(lines[at] ?? '', at + 1)
    if (!timing.ok) return timing
    const next = timings[position + 1]
    const end = next === undefined ? lines.length : withoutNumber(lines, at + 1, next)
    const words = plainText(lines.slice(at + 1, end))
    if (words !== '') cues.push({ startMs: timing.startMs, endMs: timing.endMs, text: words })
  }
  if (cues.length === 0) return refuseCaptions(lines.length, 'the file ends without a single caption')
  return { ok: true, value: inOrder(cues) }
}

/** Where the text before the time at `next` ends: the caption's number, on a line of its own, is no text. */
function withoutNumber(lines: readonly string[], from: number, next: number): number {
  return next > from && /^\s*\d{1,9}\s*$/.test(lines[next - 1] ?? '') ? next - 1 : next
}

/** Lines end with CR LF, as the programs that write SubRip do. The format has no escapes: an arrow in the text is shortened. */
export function writeSrt(cues: readonly Cue[]): string {
  return cues
    .map(({ startMs, endMs, text }, index) => {
      const time = `${writeTimestamp(startMs, ',')} --> ${writeTimestamp(endMs, ',')}`
      return [String(index + 1), time, ...tidy(text).replaceAll('-->', '->').split('\n'), '', ''].join('\r\n')
    })
    .join('')
}
