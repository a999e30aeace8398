/**
 * Bits of untrusted bytes, most significant first. Never throws: past the end every read gives 0 and `ended` is true.
 */
export class BitReader {
  readonly #bytes: Uint8Array
  #position = 0
  #ended = false

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** A read went past the end or met a code that cannot be: nothing read since can be trusted. */
  get ended(): boolean {
    return this.#ended
  }

  get bitsLeft(): number {
    return this.#bytes.length * 8 - this.#position
  }

  bit(): number {
    const byte = this.#bytes[this.#position >> 3]
    if (byte === undefined) {
      this.#ended = true
      return 0
    }
    const value = (byte >> (7 - (this.#position & 7))) & 1
    this.#position += 1
    return value
  }

  flag(): boolean {
    return this.bit() === 1
  }

  /** Unsigned, up to 32 bits. */
  bits(count: number): number {
    let value = 0
    for (let i = 0; i < count; i += 1) value = value * 2 + this.bit()
    return value
  }

  /** ue(v) of ITU-T H.264 9.1. */
  unsignedGolomb(): number {
    let zeros = 0
    while (!this.#ended && this.bit() === 0) {
      zeros += 1
      if (zeros > 31) this.#ended = true
    }
    return this.#ended ? 0 : 2 ** zeros - 1 + this.bits(zeros)
  }

  /** se(v) of ITU-T H.264 9.1.1. */
  signedGolomb(): number {
    const code = this.unsignedGolomb()
    return code % 2 === 1 ? (code + 1) / 2 : -code / 2
  }
}

/** The payload of a NAL unit without its emulation prevention bytes (ITU-T H.264 7.4.1.1). */
export function unescapeNal(nal: Uint8Array): Uint8Array {
  const out = new Uint8Array(nal.length)
  let length = 0
  let zeros = 0
  for (const byte of nal) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0
      continue
    }
    zeros = byte === 0 ? zeros + 1 : 0
    out[length] = byte
    length += 1
  }
  return out.subarray(0, length)
}
