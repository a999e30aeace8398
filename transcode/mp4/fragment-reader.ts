import { AppError } from '#archive/core/errors.ts'
import { type BoxHeader, readBoxHeader } from './box-reader.ts'
import { readMoov, type TrackInit } from './init-reader.ts'
import { readMoof, type SampleEntry } from './moof-reader.ts'

export type FragmentEvent = { readonly type: 'init'; readonly init: TrackInit } | MediaSample

/** Times in ticks of the init's timescale, the edit list applied to `ptsTicks`. Whoever keeps `data` owns it. */
export interface MediaSample {
  readonly type: 'sample'
  readonly dtsTicks: number
  readonly ptsTicks: number
  readonly durationTicks: number
  readonly keyframe: boolean
  readonly data: Uint8Array
}

interface OpenFragment {
  readonly start: number
  readonly samples: readonly SampleEntry[]
}

/**
 * Reads fragmented MP4 with one track as it comes from a pipe, in pieces of any size. It holds one box at a time.
 * After an error the stream cannot be picked up again: make a new reader.
 */
export class FragmentReader {
  #chunks: Uint8Array[] = []
  #buffered = 0
  #streamOffset = 0
  #init: TrackInit | null = null
  #fragment: OpenFragment | null = null
  #nextDts = 0

  /** @throws AppError MP4_MALFORMED or MP4_BOX_TOO_LARGE, nothing else. */
  push(bytes: Uint8Array): FragmentEvent[] {
    if (bytes.length > 0) this.#chunks.push(bytes)
    this.#buffered += bytes.length
    const events: FragmentEvent[] = []
    for (;;) {
      const header = this.#peekHeader()
      if (!header || header.size > this.#buffered) break
      this.#readBox(header, this.#take(header.size), events)
      this.#streamOffset += header.size
    }
    this.#own(bytes)
    return events
  }

  #peekHeader(): BoxHeader | null {
    const first = this.#chunks[0]
    if (first && first.length < 16 && this.#buffered > first.length) this.#chunks = [Buffer.concat(this.#chunks)]
    return this.#chunks[0] ? readBoxHeader(this.#chunks[0]) : null
  }

  /** The first `size` bytes, in memory of their own. */
  #take(size: number): Uint8Array {
    const taken = Buffer.allocUnsafeSlow(size)
    let filled = 0
    let used = 0
    for (const chunk of this.#chunks) {
      if (filled === size) break
      const piece = chunk.subarray(0, size - filled)
      taken.set(piece, filled)
      filled += piece.length
      if (piece.length < chunk.length) {
        this.#chunks[used] = chunk.subarray(piece.length)
        break
      }
      used += 1
    }
    this.#chunks.splice(0, used)
    this.#buffered -= size
    return taken
  }

  /** What is left of the caller's bytes is copied, since a pipe may reuse its buffer. */
  #own(bytes: Uint8Array): void {
    const last = this.#chunks.length - 1
    const rest = this.#chunks[last]
    if (rest && rest.buffer === bytes.buffer) this.#chunks[last] = new Uint8Array(rest)
  }

  #readBox(header: BoxHeader, box: Uint8Array, events: FragmentEvent[]): void {
    const payload = box.subarray(header.headerSize)
    if (header.type === 'moov') {
      this.#init = readMoov(payload)
      events.push({ type: 'init', init: this.#init })
    } else if (header.type === 'moof') {
      this.#openFragment(payload)
    } else if (header.type === 'mdat' && this.#fragment) {
      this.#emitSamples(this.#fragment, box, events)
    }
  }

  #openFragment(payload: Uint8Array): void {
    if (!this.#init) throw new AppError('MP4_MALFORMED', { message: 'A fragment comes before the init section.' })
    const place = { streamOffset: this.#streamOffset, nextDts: this.#nextDts }
    const samples = readMoof(payload, this.#init, place)
    const last = samples.at(-1)
    if (last) this.#nextDts = last.dts + last.duration
    this.#fragment = { start: this.#streamOffset, samples }
  }

  #emitSamples({ start, samples }: OpenFragment, mdat: Uint8Array, events: FragmentEvent[]): void {
    this.#fragment = null
    const editOffset = this.#init?.editOffset ?? 0
    for (const sample of samples) {
      const from = start + sample.offset - this.#streamOffset
      if (from < 0 || from + sample.size > mdat.length) {
        throw new AppError('MP4_MALFORMED', { message: 'A sample lies outside the media data of its fragment.' })
      }
      events.push({
        type: 'sample',
        dtsTicks: sample.dts,
        ptsTicks: sample.dts + sample.compositionOffset + editOffset,
        durationTicks: sample.duration,
        keyframe: sample.keyframe,
        data: mdat.subarray(from, from + sample.size),
      })
    }
  }
}
