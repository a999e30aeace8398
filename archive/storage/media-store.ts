import { AppError } from '../core/errors.ts'

/** First and last byte, both included, as HTTP counts them. */
export interface ByteSpan {
  readonly first: number
  readonly last: number
}

export interface StoredObject {
  readonly key: string
  readonly sizeBytes: number
}

export interface StoredMedia {
  /** Of the whole object, whatever range was asked for. */
  readonly sizeBytes: number
  /** Reads nothing before it is iterated; must be iterated or `cancel`led. */
  readonly content: AsyncIterable<Uint8Array>
  cancel(): Promise<void>
}

export interface PutReceipt {
  readonly sizeBytes: number
  /** Hex, of the bytes as the store received them. */
  readonly sha256: string
}

/**
 * Where recordings live for good. Keys are relative, with forward slashes (`archive/hls/address.ts` spells them). An object
 * appears whole or not at all; putting a key again replaces it. Every method throws AppError STORE_KEY_INVALID for a key
 * that breaks the rules and STORE_FAILED (retryable) when the store does not answer.
 */
export interface MediaStore {
  put(key: string, content: Uint8Array | AsyncIterable<Uint8Array>): Promise<PutReceipt>
  /** Null when there is no such object. A range is cut to the object; one that begins past its end yields no bytes. */
  get(key: string, range?: ByteSpan): Promise<StoredMedia | null>
  stat(key: string): Promise<StoredObject | null>
  /** Every object whose key lies under the folder `prefix`, in the order of their keys; all of them for ''. */
  list(prefix: string): AsyncIterable<StoredObject>
  /** Removes the object `prefix`, or every object under the folder `prefix`; answers how many. Absent ones are no error. */
  delete(prefix: string): Promise<number>
}

const segmentPattern = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/

/**
 * Whether `key` may name an object: parts of letters, digits, dots, hyphens and underscores, none beginning with a dot,
 * single slashes between them, at most 8 parts.
 */
export function isStoreKey(key: string): boolean {
  const parts = key.split('/')
  return parts.length <= 8 && parts.every((part) => segmentPattern.test(part))
}

/** @throws AppError STORE_KEY_INVALID */
export function checkStoreKey(key: string): void {
  if (!isStoreKey(key))
    throw new AppError('STORE_KEY_INVALID', { message: `No object may be called ${JSON.stringify(key)}.` })
}
