const windowMs = 5000
const shortestMs = 1000

/** Bits per second over the last five seconds of media time. */
export class BitrateWindow {
  #packets: { readonly timeMs: number; readonly bytes: number }[] = []
  #bytes = 0

  see(timeMs: number, bytes: number): void {
    this.#packets.push({ timeMs, bytes })
    this.#bytes += bytes
    let stale = 0
    while ((this.#packets[stale]?.timeMs ?? timeMs) < timeMs - windowMs) {
      this.#bytes -= this.#packets[stale]?.bytes ?? 0
      stale += 1
    }
    if (stale > 0) this.#packets.splice(0, stale)
  }

  /** Null before a second has been seen. The newest packet has not lasted yet and is left out. */
  bitsPerSecond(): number | null {
    const [first, last] = [this.#packets[0], this.#packets.at(-1)]
    const spanMs = first && last ? last.timeMs - first.timeMs : 0
    if (!last || spanMs < shortestMs) return null
    return Math.round(((this.#bytes - last.bytes) * 8000) / spanMs)
  }
}
