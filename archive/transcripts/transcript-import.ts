import { basename } from 'node:path'
import { readCaptions } from '../captions/caption-file.ts'
import type { CaptionsOutcome } from '../captions/cue.ts'

/**
 * The captions of a file somebody hands in, WebVTT or SubRip by content. Text that is no UTF-8 is taken for Windows-1252, as older
 * SubRip files are. Refuses with CAPTIONS_INVALID, naming the file and the line.
 */
export function importTranscript(content: string | Uint8Array, filename: string): CaptionsOutcome {
  const outcome = readCaptions(typeof content === 'string' ? content : decoded(content))
  return outcome.ok ? outcome : { ...outcome, message: `${basename(filename)}: ${outcome.message}` }
}

function decoded(bytes: Uint8Array): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8'
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}
