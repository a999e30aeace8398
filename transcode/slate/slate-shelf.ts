import type { SlateAsset } from './slate-asset.ts'
import { readSlate, writeSlate } from './slate-files.ts'
import { makeSlate } from './slate-maker.ts'
import { type SlateRequest, slateKey } from './slate-request.ts'

/** Some hundred kilobytes each. */
const keptAssets = 8

/** The slates of an installation: made once, kept in the spool, the latest of them in memory. */
export class SlateShelf {
  readonly #spoolDir: string
  readonly #kept = new Map<string, Promise<SlateAsset | null>>()
  readonly #making = new Map<string, Promise<SlateAsset>>()

  constructor(spoolDir: string) {
    this.#spoolDir = spoolDir
  }

  /** The slate by that name; null when it was never made. */
  find(key: string): Promise<SlateAsset | null> {
    return this.#kept.get(key) ?? this.#keep(key)
  }

  /** The slate for these parameters, encoded when it is asked for the first time. @throws as `makeSlate`, and the system's errors */
  async obtain(request: SlateRequest): Promise<SlateAsset> {
    const key = slateKey(request)
    const known = await this.find(key)
    if (known) return known
    const making = this.#making.get(key) ?? this.#make(request, key)
    this.#making.set(key, making)
    return making
  }

  async #make(request: SlateRequest, key: string): Promise<SlateAsset> {
    try {
      const asset = await makeSlate(request)
      await writeSlate(this.#spoolDir, asset)
      return asset
    } finally {
      this.#making.delete(key)
    }
  }

  /** What was not there is not remembered. */
  #keep(key: string): Promise<SlateAsset | null> {
    const reading = readSlate(this.#spoolDir, key)
    this.#kept.set(key, reading)
    const forget = () => {
      if (this.#kept.get(key) === reading) this.#kept.delete(key)
    }
    reading.then((asset) => asset ?? forget(), forget)
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= keptAssets) break
      this.#kept.delete(oldest)
    }
    return reading
  }
}
