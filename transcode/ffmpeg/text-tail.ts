/** The last `limitBytes` of what a program said, for the log: bounded however much it says. */
export class TextTail {
  readonly #limitBytes: number
  #chunks: Uint8Array[] = []
  #bytes = 0

  constructor(limitBytes = 4096) {
    this.#limitBytes = limitBytes
  }

  add(chunk: Uint8Array): void {
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    while (this.#chunks.length > 1 && this.#bytes - (this.#chunks[0]?.length ?? 0) >= this.#limitBytes) {
      this.#bytes -= this.#chunks.shift()?.length ?? 0
    }
  }

  text(): string {
    const all = Buffer.concat(this.#chunks)
    return all
      .subarray(Math.max(0, all.length - this.#limitBytes))
      .toString('utf8')
      .trim()
  }
}
