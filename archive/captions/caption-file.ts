import type { CaptionsOutcome } from './cue.ts'
import { readSrt } from './srt.ts'
import { isWebVtt, readWebVtt } from './webvtt.ts'

/** Reads WebVTT or SubRip; the content decides which: files arrive with all kinds of names. */
export function readCaptions(text: string): CaptionsOutcome {
  return isWebVtt(text) ? readWebVtt(text) : readSrt(text)
}
