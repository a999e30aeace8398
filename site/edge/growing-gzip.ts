import { constants, crc32, deflateRawSync } from 'node:zlib'
import type { LiveText } from '#archive/hls/live-playlist.ts'

/** Each block is compressed by itself: smaller ones compress worse, larger ones make every new version dearer. */
const blockBytes = 64 * 1024
/** RFC 1952 2.3: deflate, no flags, no time, unknown system. */
const gzipHeader = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])

/**
 * Gzip of texts that each begin with what was settled of the one before: settled blocks are compressed once, so that the
 * playlist of six hours costs no more for every part than a short one. Blocks end at byte boundaries (a full flush, RFC 1951
 * 3.2.4), which makes one ordinary gzip stream of them.
 */
export class GrowingGzip {
  #compressed = Buffer.alloc(0)
  #taken = 0
  #crc = 0

  compress({ settled, rest }: LiveText): Buffer {
    const fresh: Buffer[] = []
    for (; settled.length - this.#taken >= blockBytes; this.#taken += blockBytes) {
      const block = Buffer.from(settled.slice(this.#taken, this.#taken + blockBytes), 'latin1')
      fresh.push(deflateRawSync(block, { finishFlush: constants.Z_FULL_FLUSH }))
      this.#crc = crc32(block, this.#crc)
    }
    if (fresh.length > 0) this.#compressed = Buffer.concat([this.#compressed, ...fresh])
    const tail = Buffer.from(settled.slice(this.#taken) + rest, 'latin1')
    const trailer = Buffer.alloc(8)
    trailer.writeUInt32LE(crc32(tail, this.#crc), 0)
    trailer.writeUInt32LE((this.#taken + tail.length) % 2 ** 32, 4)
    return Buffer.concat([gzipHeader, this.#compressed, deflateRawSync(tail), trailer])
  }
}
