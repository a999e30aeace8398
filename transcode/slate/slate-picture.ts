import type { VideoSpec } from '#archive/hls/packaging.ts'
import { type SlateRhythm, slateSlots } from '#archive/hls/slate-layout.ts'
import type { SlateRequest } from './slate-request.ts'

interface PictureOptions {
  readonly rhythm: SlateRhythm
  /** False where no font can be found. */
  readonly withText: boolean
}

/** The filter graph: drawn once, repeated, scaled to each rendition as `[v0]`, `[v1]` … */
export function slatePicture(
  { words, colours }: SlateRequest,
  videos: readonly VideoSpec[],
  { rhythm, withText }: PictureOptions,
): string {
  const largest = videos.reduce((best, spec) => (spec.width > best.width ? spec : best))
  const { num, den } = rhythm.frameRate
  const drawn = [
    `color=c=0x${colours.background}:s=${largest.width}x${largest.height}:r=${num}/${den}`,
    'trim=end_frame=1',
    `drawbox=x=iw/2-iw/12:y=ih*0.40:w=iw/6:h=max(2\\,ih/180):color=0x${colours.lines}@0.6:t=fill`,
    ...(withText ? textFilters(words, colours, largest) : []),
    // Without an end of its own the repetition never lets the graph come to one.
    `loop=loop=${rhythm.framesPerSlot * slateSlots - 1}:size=1:start=0`,
    'setpts=N',
    `split=${videos.length}${videos.map((_, i) => `[s${i}]`).join('')}`,
  ].join(',')
  const scaled = videos.map(({ width, height }, i) => `[s${i}]scale=${width}:${height},setsar=1,format=yuv420p[v${i}]`)
  return [drawn, ...scaled].join(';')
}

interface Line {
  readonly text: string
  readonly colour: string
  /** Of the picture's height. */
  readonly size: number
  readonly y: number
}

function textFilters(
  words: SlateRequest['words'],
  colours: SlateRequest['colours'],
  picture: { readonly width: number; readonly height: number },
): string[] {
  const title: Line = { text: words.title, colour: colours.title, size: 0.085, y: 0.27 }
  const lines = words.lines.map((text, i): Line => ({ text, colour: colours.lines, size: 0.042, y: 0.48 + i * 0.085 }))
  return [title, ...lines]
    .filter(({ text }) => text.trim() !== '')
    .map(({ text, colour, size, y }) => {
      const shown = printable(text)
      const fontsize = Math.max(8, Math.round(Math.min(size * picture.height, widest(shown, picture.width))))
      const place = `x=(w-text_w)/2:y=h*${y.toFixed(3)}`
      return `drawtext=expansion=none:text=${escaped(shown)}:fontsize=${fontsize}:fontcolor=0x${colour}:${place}`
    })
}

const longestText = 120

/** One line, without control characters, of bounded length. */
function printable(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()
  const letters = [...plain]
  return letters.length > longestText ? `${letters.slice(0, longestText - 1).join('')}…` : plain
}

/** A letter of a sans serif is at most some 0.62 of its size wide on average: the line fits nine tenths of the picture. */
function widest(text: string, width: number): number {
  return (0.9 * width) / (0.62 * Math.max(1, [...text].length))
}

/** Escaped twice: as the value of an option, then as part of a filter graph (ffmpeg-filters, "Notes on filtergraph escaping"). */
function escaped(text: string): string {
  return text.replace(/[\\':]/g, '\\$&').replace(/[\\'[\],;]/g, '\\$&')
}
