import { AppError } from '#archive/core/errors.ts'

/** Big-endian fields of one box, in order. @throws AppError MP4_MALFORMED from every read past the end. */
export class ByteCursor {
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  get bytesLeft(): number {
    return this.#view.byteLength - this.#at
  }

  get position(): number {
    return this.#at
  }

  skip(count: number): void {
    this.#take(count)
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1))
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2))
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4))
  }

  i32(): number {
    return this.#view.getInt32(this.#take(4))
  }

  /** @throws AppError MP4_MALFORMED beyond 2^53 as well. */
  u64(): number {
    const value = this.u32() * 2 ** 32 + this.u32()
    if (!Number.isSafeInteger(value)) throw new AppError('MP4_MALFORMED', { message: 'A 64-bit field is too large.' })
    return value
  }

  i64(): number {
    return Number(this.#view.getBigInt64(this.#take(8)))
  }

  /** Version and flags of a full box (ISO/IEC 14496-12 4.2.2). */
  fullHead(): { version: number; flags: number } {
    const word = this.u32()
    return { version: Math.floor(word / 0x1000000), flags: word & 0xffffff }
  }

  #take(count: number): number {
    const at = this.#at
    if (count > this.bytesLeft) throw new AppError('MP4_MALFORMED', { message: 'A box is shorter than its fields.' })
    this.#at += count
    return at
  }
}
