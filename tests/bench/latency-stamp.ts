/** A time in a picture: a row of black and white cells along its top edge, most significant bit first. */
export interface StampLayout {
  readonly cells: number
  /** Width and height of a cell as a share of the picture's, so that it is found again in any size. */
  readonly cellWidth: number
  readonly cellHeight: number
}

/** 44 bits hold milliseconds since 1970 until the year 2527; four more tell a misread cell. */
export const stampLayout: StampLayout = { cells: 48, cellWidth: 1 / 49, cellHeight: 1 / 30 }

const timeBits = 44

/** Sum of the time's hexadecimal digits, modulo 16. */
function checkOf(ms: number): number {
  return [...ms.toString(16)].reduce((sum, digit) => sum + Number.parseInt(digit, 16), 0) % 16
}

/** Cells of a time, true for white. */
export function stampCells(ms: number): boolean[] {
  const bits = ms.toString(2).padStart(timeBits, '0') + checkOf(ms).toString(2).padStart(4, '0')
  return [...bits].map((bit) => bit === '1')
}

/** The time that cells of these brightnesses (0 to 255) say, or null when one of them was misread. */
export function readStamp(brightness: readonly number[]): number | null {
  const bits = brightness.map((value) => (value > 127 ? '1' : '0')).join('')
  const ms = Number.parseInt(bits.slice(0, timeBits), 2)
  return Number.parseInt(bits.slice(timeBits), 2) === checkOf(ms) ? ms : null
}

/** Limited range: what decoders show as black and white (ITU-R BT.709). */
const black = 16
const white = 235

/** A moving picture in planar YUV 4:2:0 with a place for stamps; frames are written into one buffer. */
export class StampedPicture {
  readonly #width: number
  readonly #height: number
  readonly #bytes: Buffer

  constructor(width: number, height: number) {
    this.#width = width
    this.#height = height
    this.#bytes = Buffer.alloc((width * height * 3) / 2, 128)
  }

  /** Bars that wander, so that an encoder has something to do, and the stamp above them. A copy: pipes keep what they got. */
  frame(index: number, ms: number): Buffer {
    const width = this.#width
    for (let y = 0; y < this.#height; y++) {
      const shift = (index * 4 + (y >> 4) * 23) % 256
      const row = this.#bytes.subarray(y * width, (y + 1) * width)
      row.fill(40 + (shift >> 1))
      row.fill(200 - (shift >> 2), shift, Math.min(width, shift + 160))
    }
    this.#stamp(ms)
    return Buffer.from(this.#bytes)
  }

  #stamp(ms: number): void {
    const { cellWidth, cellHeight, cells } = stampLayout
    const height = Math.ceil(this.#height * cellHeight)
    const edge = (cell: number) => Math.round(cell * cellWidth * this.#width)
    for (let y = 0; y < height; y++) {
      const row = y * this.#width
      this.#bytes.fill(black, row, row + this.#width)
      for (const [cell, isWhite] of stampCells(ms).entries()) {
        if (isWhite && cell < cells) this.#bytes.fill(white, row + edge(cell), row + edge(cell + 1))
      }
    }
  }
}
