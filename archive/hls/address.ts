import type { RecordingId, SpanId } from '../core/ids.ts'
import { isId } from '../core/ids.ts'
import type { RenditionName } from './packaging.ts'

/** One file of a recording. Its bytes never change: numbers and span ids are not reused. */
export interface MediaFile {
  readonly recording: RecordingId
  readonly span: SpanId
  readonly rendition: RenditionName
  /** Null: the init section. */
  readonly n: number | null
}

/** One part of a segment: bytes within the segment's file, with a name of their own that is as immutable. */
export interface PartFile extends MediaFile {
  readonly n: number
  readonly p: number
}

/** Highest first. */
export const renditionNames = ['source', '1080p', '720p', '480p', '360p', 'audio'] as const satisfies RenditionName[]

export function isRenditionName(text: string): text is RenditionName {
  return (renditionNames as readonly string[]).includes(text)
}

/** Key of the file in spool and store, relative and with forward slashes. */
export function mediaKey({ recording, span, rendition, n }: MediaFile): string {
  return `${recording}/${span}/${rendition}/${n === null ? 'init.mp4' : `${n}.m4s`}`
}

/** Public address of the file, an absolute path. */
export function mediaAddress(file: MediaFile): string {
  return `/media/${mediaKey(file)}`
}

/** Public address of the part, an absolute path. */
export function partAddress(part: PartFile): string {
  return `/media/${partKey(part)}`
}

export function partKey({ p, ...file }: PartFile): string {
  return `${mediaKey(file).slice(0, -'.m4s'.length)}.${p}.m4s`
}

/** The part that a key names, or null: only the one spelling that `partKey` writes is accepted. */
export function parsePartKey(key: string): PartFile | null {
  const match = /^(.*)\.(0|[1-9]\d{0,3})\.m4s$/.exec(key)
  const file = match && parseMediaKey(`${match[1]}.m4s`)
  return file && file.n !== null ? { ...file, n: file.n, p: Number(match[2]) } : null
}

/** The file that a key names, or null: only the one spelling that `mediaKey` writes is accepted. */
export function parseMediaKey(key: string): MediaFile | null {
  const [recording = '', span = '', rendition = '', name = '', ...rest] = key.split('/')
  if (rest.length > 0 || !isId<'recording'>(recording) || !isId<'span'>(span) || !isRenditionName(rendition))
    return null
  if (name === 'init.mp4') return { recording, span, rendition, n: null }
  const n = /^(0|[1-9]\d{0,14})\.m4s$/.exec(name)?.[1]
  return n === undefined ? null : { recording, span, rendition, n: Number(n) }
}
