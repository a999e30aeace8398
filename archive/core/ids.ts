import { randomBytes } from 'node:crypto'

declare const kind: unique symbol

/** A random identifier, 26 characters of Crockford's base 32 in lower case (130 bits, of which 128 are random). */
export type Id<Kind extends string> = string & { readonly [kind]: Kind }

export type TownId = Id<'town'>
export type BodyId = Id<'body'>
export type RoomId = Id<'room'>
export type KeyId = Id<'key'>
export type MeetingId = Id<'meeting'>
export type MeetingSessionId = Id<'meeting-session'>
export type ItemId = Id<'item'>
export type MarkId = Id<'mark'>
export type CommandId = Id<'command'>
export type RecordingId = Id<'recording'>
export type SpanId = Id<'span'>
export type IncidentId = Id<'incident'>
export type AlarmId = Id<'alarm'>
export type PublishSessionId = Id<'publish-session'>
export type JobId = Id<'job'>

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const idPattern = /^[0-9a-hjkmnp-tv-z]{26}$/

/** An unguessable id: 128 bits from the system's generator. */
export function newId<K extends string>(): Id<K> {
  return base32(randomBytes(16)) as Id<K>
}

export function isId<K extends string>(text: string): text is Id<K> {
  return idPattern.test(text)
}

/** Crockford's base 32, lower case, most significant bits first, without padding. */
export function base32(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = (value << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += alphabet[(value >>> bits) & 31]
    }
    value &= (1 << bits) - 1
  }
  return bits > 0 ? text + alphabet[(value << (5 - bits)) & 31] : text
}
