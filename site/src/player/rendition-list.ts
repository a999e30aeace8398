import type Hls from 'hls.js'

interface RenditionChoice {
  readonly id: string
  readonly width: number
  readonly height: number
  readonly bitrate: number
}

/**
 * The levels of hls.js in the shape that media-chrome's quality menu reads from a video element: an iterable with
 * `selectedIndex` (-1 is automatic) that tells of changes.
 */
export class RenditionList extends EventTarget {
  #choices: RenditionChoice[] = []
  #hls: Hls | null = null
  #selected = -1;

  [index: number]: RenditionChoice

  get length(): number {
    return this.#choices.length
  }

  [Symbol.iterator](): Iterator<RenditionChoice> {
    return this.#choices[Symbol.iterator]()
  }

  get selectedIndex(): number {
    return this.#selected
  }

  set selectedIndex(index: number) {
    this.#selected = index
    if (this.#hls) this.#hls.nextLevel = index
    this.dispatchEvent(new Event('change'))
  }

  /** Takes over the levels of a player whose playlist has been read; a height chosen before stays chosen. */
  follow(hls: Hls): void {
    const wanted = this.#choices[this.#selected]?.height
    for (const index of this.#choices.keys()) delete this[index]
    this.#hls = hls
    this.#choices = hls.levels.map(({ width, height, bitrate }, index) => ({
      id: String(index),
      width,
      height,
      bitrate,
    }))
    for (const [index, choice] of this.#choices.entries()) this[index] = choice
    this.#selected = -1
    this.dispatchEvent(new Event(this.#choices.length > 0 ? 'addrendition' : 'removerendition'))
    const index = this.#choices.findIndex(({ height }) => height === wanted)
    if (wanted !== undefined && index >= 0) this.selectedIndex = index
  }
}

const lists = new WeakMap<HTMLVideoElement, RenditionList>()

/** Makes the quality menu of media-chrome see a list on the element. */
export function offerRenditions(video: HTMLVideoElement): void {
  const list = new RenditionList()
  lists.set(video, list)
  Object.defineProperty(video, 'videoRenditions', { value: list })
}

export function renditionsOf(video: HTMLVideoElement): RenditionList | null {
  return lists.get(video) ?? null
}
