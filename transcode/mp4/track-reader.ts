import { AppError } from '#archive/core/errors.ts'
import { FragmentReader, type MediaSample } from './fragment-reader.ts'
import type { TrackInit } from './init-reader.ts'

/**
 * Everything in an init section and the segments or parts behind it, for inspection.
 * @throws AppError MP4_MALFORMED or MP4_BOX_TOO_LARGE
 */
export function readTrack(
  init: Uint8Array,
  ...media: readonly Uint8Array[]
): { init: TrackInit; samples: MediaSample[] } {
  const events = new FragmentReader().push(Buffer.concat([init, ...media]))
  const head = events.find((event) => event.type === 'init')
  if (!head) throw new AppError('MP4_MALFORMED', { message: 'There is no init section.' })
  return { init: head.init, samples: events.filter((event) => event.type === 'sample') }
}
