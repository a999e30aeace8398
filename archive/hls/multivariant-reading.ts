import type { AlternativeRendition, MultivariantPlaylist, Variant } from './playlist.ts'
import { parseAttributes, parseInteger } from './tags/attribute-list.ts'
import { parseRendition, parseVariant } from './tags/variant.ts'

/** Collects a multivariant playlist line by line; each method answers null or what is wrong with the line. */
export class MultivariantReading {
  #version = 1
  #independent = false
  readonly #renditions: AlternativeRendition[] = []
  readonly #variants: Variant[] = []
  #awaiting: Omit<Variant, 'uri'> | null = null

  tag(name: string, value: string): string | null {
    switch (name) {
      case '#EXT-X-VERSION':
        return this.#readVersion(value)
      case '#EXT-X-INDEPENDENT-SEGMENTS':
        this.#independent = true
        return null
      case '#EXT-X-MEDIA':
        return this.#readRendition(value)
      case '#EXT-X-STREAM-INF':
        return this.#readVariant(value)
      case '#EXTINF':
      case '#EXT-X-TARGETDURATION':
        return `${name} belongs into a media playlist`
      default:
        return null
    }
  }

  address(uri: string): string | null {
    if (!this.#awaiting) return 'an address without #EXT-X-STREAM-INF before it'
    this.#variants.push({ ...this.#awaiting, uri })
    this.#awaiting = null
    return null
  }

  result(): MultivariantPlaylist | string {
    if (this.#awaiting) return '#EXT-X-STREAM-INF without an address after it'
    return {
      kind: 'multivariant',
      version: this.#version,
      independentSegments: this.#independent,
      renditions: this.#renditions,
      variants: this.#variants,
    }
  }

  #readVersion(value: string): string | null {
    const version = parseInteger(value)
    if (version === null) return '#EXT-X-VERSION needs a whole number'
    this.#version = version
    return null
  }

  #readRendition(value: string): string | null {
    const attributes = parseAttributes(value)
    const rendition = attributes && parseRendition(attributes)
    if (!rendition) return '#EXT-X-MEDIA needs TYPE, GROUP-ID and NAME'
    this.#renditions.push(rendition)
    return null
  }

  #readVariant(value: string): string | null {
    const attributes = parseAttributes(value)
    const variant = attributes && parseVariant(attributes)
    if (!variant) return '#EXT-X-STREAM-INF needs BANDWIDTH'
    this.#awaiting = variant
    return null
  }
}
