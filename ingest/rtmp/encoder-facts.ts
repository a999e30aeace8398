import amf from 'node-media-server/src/protocol/amf.js'

/** What an encoder says about itself in onMetaData; null is "did not say". Nothing here is trusted for decoding. */
export interface EncoderFacts {
  readonly name: string | null
  readonly width: number | null
  readonly height: number | null
  readonly framesPerSecond: number | null
}

export const unknownEncoder: EncoderFacts = { name: null, width: null, height: null, framesPerSecond: null }

/** Reads an onMetaData message (FLV 10.1, E.5); null when it is something else or cannot be read. */
export function encoderFacts(message: Buffer): EncoderFacts | null {
  try {
    const data = amf.decodeAmf0Data(message)
    const object = data.dataObj
    if (typeof object !== 'object' || object === null) return null
    const said = new Map<string, unknown>(Object.entries(object))
    return {
      name: encoderName(said.get('encoder')),
      width: positive(said.get('width'), 16_384),
      height: positive(said.get('height'), 16_384),
      framesPerSecond: positive(said.get('framerate'), 1_000),
    }
  } catch {
    // Metadata is optional: an encoder that garbles it still sends pictures.
    return null
  }
}

/** A name fit for logs and pages: printable, at most 80 characters. */
export function encoderName(said: unknown): string | null {
  if (typeof said !== 'string') return null
  const name = said
    .replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '')
    .trim()
    .slice(0, 80)
  return name === '' ? null : name
}

function positive(said: unknown, most: number): number | null {
  return typeof said === 'number' && said > 0 && said <= most ? said : null
}
