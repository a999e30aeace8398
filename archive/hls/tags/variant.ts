import type { AlternativeRendition, Variant } from '../playlist.ts'
import { type Attributes, parseDecimal, parseInteger, writeAttributes } from './attribute-list.ts'

const quoted = (text: string | null) => text !== null && { quoted: text }

/** EXT-X-MEDIA (4.4.6.1). */
export function writeRendition(rendition: AlternativeRendition): string {
  return `#EXT-X-MEDIA:${writeAttributes([
    ['TYPE', rendition.type],
    ['GROUP-ID', { quoted: rendition.groupId }],
    ['NAME', { quoted: rendition.name }],
    ['LANGUAGE', quoted(rendition.language)],
    ['DEFAULT', rendition.isDefault && 'YES'],
    ['AUTOSELECT', rendition.autoselect && 'YES'],
    ['CHANNELS', quoted(rendition.channels)],
    ['URI', quoted(rendition.uri)],
  ])}`
}

export function parseRendition(attributes: Attributes): AlternativeRendition | null {
  const type = attributes.get('TYPE')
  const groupId = attributes.get('GROUP-ID')
  const name = attributes.get('NAME')
  if (groupId === undefined || name === undefined || !isRenditionType(type)) return null
  return {
    type,
    groupId,
    name,
    language: attributes.get('LANGUAGE') ?? null,
    isDefault: attributes.get('DEFAULT') === 'YES',
    autoselect: attributes.get('AUTOSELECT') === 'YES',
    channels: attributes.get('CHANNELS') ?? null,
    uri: attributes.get('URI') ?? null,
  }
}

function isRenditionType(text: string | undefined): text is AlternativeRendition['type'] {
  return text === 'AUDIO' || text === 'VIDEO' || text === 'SUBTITLES' || text === 'CLOSED-CAPTIONS'
}

/** EXT-X-STREAM-INF (4.4.6.2), the address on the line after it. */
export function writeVariant(variant: Variant): string {
  const { averageBandwidthBps, resolution, frameRate } = variant
  const tag = `#EXT-X-STREAM-INF:${writeAttributes([
    ['BANDWIDTH', String(variant.bandwidthBps)],
    ['AVERAGE-BANDWIDTH', averageBandwidthBps !== null && String(averageBandwidthBps)],
    ['CODECS', quoted(variant.codecs)],
    ['RESOLUTION', resolution && `${resolution.width}x${resolution.height}`],
    ['FRAME-RATE', frameRate === null ? null : frameRate.toFixed(3)],
    ['AUDIO', quoted(variant.audio)],
  ])}`
  return `${tag}\n${variant.uri}`
}

/** The variant without its address, which follows on a line of its own. */
export function parseVariant(attributes: Attributes): Omit<Variant, 'uri'> | null {
  const bandwidthBps = parseInteger(attributes.get('BANDWIDTH'))
  if (bandwidthBps === null) return null
  const size = /^(\d{1,6})x(\d{1,6})$/.exec(attributes.get('RESOLUTION') ?? '')
  return {
    bandwidthBps,
    averageBandwidthBps: parseInteger(attributes.get('AVERAGE-BANDWIDTH')),
    codecs: attributes.get('CODECS') ?? null,
    resolution: size ? { width: Number(size[1]), height: Number(size[2]) } : null,
    frameRate: parseDecimal(attributes.get('FRAME-RATE')),
    audio: attributes.get('AUDIO') ?? null,
  }
}
