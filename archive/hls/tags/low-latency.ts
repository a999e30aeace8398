import type { Part, PreloadHint, RenditionReport, ServerControl, Skip } from '../playlist.ts'
import { type Attributes, decimal, parseDecimal, parseInteger, writeAttributes } from './attribute-list.ts'
import { parseByteRange, writeByteRange } from './byte-range.ts'

const yes = (flag: boolean) => flag && 'YES'
const seconds = (value: number | null) => value !== null && decimal(value)
const whole = (value: number | null) => value !== null && String(value)

export function writePart(part: Part): string {
  return `#EXT-X-PART:${writeAttributes([
    ['DURATION', decimal(part.durationS)],
    ['URI', { quoted: part.uri }],
    ['INDEPENDENT', yes(part.independent)],
    ['BYTERANGE', part.byteRange && { quoted: writeByteRange(part.byteRange) }],
    ['GAP', yes(part.gap)],
  ])}`
}

export function parsePart(attributes: Attributes): Part | null {
  const uri = attributes.get('URI')
  const durationS = parseDecimal(attributes.get('DURATION'))
  if (uri === undefined || durationS === null) return null
  return {
    uri,
    durationS,
    independent: attributes.get('INDEPENDENT') === 'YES',
    gap: attributes.get('GAP') === 'YES',
    byteRange: parseByteRange(attributes.get('BYTERANGE')),
  }
}

export function writeServerControl(control: ServerControl): string {
  return `#EXT-X-SERVER-CONTROL:${writeAttributes([
    ['CAN-BLOCK-RELOAD', yes(control.canBlockReload)],
    ['CAN-SKIP-UNTIL', seconds(control.canSkipUntilS)],
    ['CAN-SKIP-DATERANGES', yes(control.canSkipDateRanges)],
    ['HOLD-BACK', seconds(control.holdBackS)],
    ['PART-HOLD-BACK', seconds(control.partHoldBackS)],
  ])}`
}

export function parseServerControl(attributes: Attributes): ServerControl {
  return {
    canBlockReload: attributes.get('CAN-BLOCK-RELOAD') === 'YES',
    canSkipUntilS: parseDecimal(attributes.get('CAN-SKIP-UNTIL')),
    canSkipDateRanges: attributes.get('CAN-SKIP-DATERANGES') === 'YES',
    holdBackS: parseDecimal(attributes.get('HOLD-BACK')),
    partHoldBackS: parseDecimal(attributes.get('PART-HOLD-BACK')),
  }
}

export function writeSkip(skip: Skip): string {
  const removed = skip.removedDateRanges.length > 0 ? { quoted: skip.removedDateRanges.join('\t') } : null
  return `#EXT-X-SKIP:${writeAttributes([
    ['SKIPPED-SEGMENTS', String(skip.segments)],
    ['RECENTLY-REMOVED-DATERANGES', removed],
  ])}`
}

export function parseSkip(attributes: Attributes): Skip | null {
  const segments = parseInteger(attributes.get('SKIPPED-SEGMENTS'))
  const removed = attributes.get('RECENTLY-REMOVED-DATERANGES')
  return segments === null ? null : { segments, removedDateRanges: removed ? removed.split('\t') : [] }
}

export function writePreloadHint(hint: PreloadHint): string {
  return `#EXT-X-PRELOAD-HINT:${writeAttributes([
    ['TYPE', hint.type],
    ['URI', { quoted: hint.uri }],
    ['BYTERANGE-START', whole(hint.startBytes)],
    ['BYTERANGE-LENGTH', whole(hint.lengthBytes)],
  ])}`
}

export function parsePreloadHint(attributes: Attributes): PreloadHint | null {
  const type = attributes.get('TYPE')
  const uri = attributes.get('URI')
  if (uri === undefined || (type !== 'PART' && type !== 'MAP')) return null
  return {
    type,
    uri,
    startBytes: parseInteger(attributes.get('BYTERANGE-START')),
    lengthBytes: parseInteger(attributes.get('BYTERANGE-LENGTH')),
  }
}

export function writeRenditionReport(report: RenditionReport): string {
  return `#EXT-X-RENDITION-REPORT:${writeAttributes([
    ['URI', { quoted: report.uri }],
    ['LAST-MSN', whole(report.lastMsn)],
    ['LAST-PART', whole(report.lastPart)],
  ])}`
}

export function parseRenditionReport(attributes: Attributes): RenditionReport | null {
  const uri = attributes.get('URI')
  if (uri === undefined) return null
  return {
    uri,
    lastMsn: parseInteger(attributes.get('LAST-MSN')),
    lastPart: parseInteger(attributes.get('LAST-PART')),
  }
}
