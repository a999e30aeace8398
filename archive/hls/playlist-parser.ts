import { type Outcome, refuse } from '../core/errors.ts'
import { MediaReading } from './media-reading.ts'
import { MultivariantReading } from './multivariant-reading.ts'
import type { MediaPlaylist, MultivariantPlaylist } from './playlist.ts'

/** Texts beyond this are not playlists. */
const longestText = 16 * 1024 * 1024

/** What a reader says of one line: null when it is content, else what is wrong. */
export type LineVerdict = string | null

/**
 * Reads a media or multivariant playlist. Unknown tags and comments are passed over (4.1 of the draft: clients ignore
 * what they do not know); a known tag that cannot be read is refused.
 * Refusal: PLAYLIST_INVALID, its message beginning with `line N:`.
 */
export function parsePlaylist(text: string): Outcome<MediaPlaylist | MultivariantPlaylist> {
  if (text.length > longestText) return invalid(1, `a playlist holds at most ${longestText} characters`)
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  if (lines[0]?.trim() !== '#EXTM3U') return invalid(1, 'a playlist begins with #EXTM3U')
  const reading = /^#EXT-X-(STREAM-INF|MEDIA):/m.test(text) ? new MultivariantReading() : new MediaReading()
  for (const [index, raw] of lines.entries()) {
    const line = raw.trimEnd()
    if (index === 0 || line === '') continue
    const problem = line.startsWith('#') ? readTag(reading, line) : reading.address(line)
    if (problem !== null) return invalid(index + 1, problem)
  }
  const playlist = reading.result()
  return typeof playlist === 'string' ? invalid(lines.length, playlist) : { ok: true, value: playlist }
}

function readTag(reading: MediaReading | MultivariantReading, line: string): LineVerdict {
  if (!line.startsWith('#EXT')) return null
  const colon = line.indexOf(':')
  return colon < 0 ? reading.tag(line, '') : reading.tag(line.slice(0, colon), line.slice(colon + 1))
}

function invalid(line: number, what: string) {
  return refuse('PLAYLIST_INVALID', { message: `line ${line}: ${what}` })
}
