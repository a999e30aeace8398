import { isIPv4, isIPv6 } from 'node:net'
import type { RtmpLimits } from './rtmp-limits.ts'

const minuteMs = 60_000
/** Addresses whose failures are remembered at once; beyond it the one that failed first is forgotten. */
const rememberedAddresses = 4096

interface Failures {
  sinceMs: number
  count: number
}

export type AdmissionVerdict<C> =
  /** `evict` gives up its place to the newcomer. */
  { readonly admitted: true; readonly evict: C | null } | { readonly admitted: false }

/**
 * Who may hold a connection. A newcomer is never turned away because of connections that have not shown a correct key:
 * the oldest of those makes room instead, so that neither an attacker nor a misconfigured encoder at the town hall's
 * one address locks out the encoder that has the key.
 */
export class Admission<C extends object> {
  readonly #limits: Pick<RtmpLimits, 'connections' | 'unverifiedPerAddress' | 'failuresPerMinute'>
  /** In order of arrival. */
  readonly #unverified = new Map<C, string>()
  readonly #verified = new Set<C>()
  readonly #failures = new Map<string, Failures>()

  constructor(limits: Pick<RtmpLimits, 'connections' | 'unverifiedPerAddress' | 'failuresPerMinute'>) {
    this.#limits = limits
  }

  enter(connection: C, address: string): AdmissionVerdict<C> {
    const network = networkOf(address)
    const neighbours = [...this.#unverified].filter(([, from]) => from === network).map(([other]) => other)
    const full = this.#unverified.size + this.#verified.size >= this.#limits.connections
    const oldest = this.#unverified.keys().next().value ?? null
    if (full && !oldest) return { admitted: false }
    const crowded = neighbours.length >= this.#limits.unverifiedPerAddress
    const evict = crowded ? (neighbours[0] ?? null) : full ? oldest : null
    if (evict) this.leave(evict)
    this.#unverified.set(connection, network)
    return { admitted: true, evict }
  }

  verified(connection: C): void {
    if (this.#unverified.delete(connection)) this.#verified.add(connection)
  }

  leave(connection: C): void {
    this.#unverified.delete(connection)
    this.#verified.delete(connection)
  }

  /** Counts a failed attempt and answers how many there were from this address within the minute. */
  failed(address: string, nowMs: number): number {
    const network = networkOf(address)
    const known = this.#failures.get(network)
    if (known && nowMs - known.sinceMs < minuteMs) return ++known.count
    this.#failures.delete(network)
    this.#failures.set(network, { sinceMs: nowMs, count: 1 })
    const first = this.#failures.keys().next().value
    if (this.#failures.size > rememberedAddresses && first !== undefined) this.#failures.delete(first)
    return 1
  }

  /** Whether failures from this address are past what is answered and logged. A correct key is let in all the same. */
  overLimit(address: string, nowMs: number): boolean {
    const known = this.#failures.get(networkOf(address))
    return known !== undefined && nowMs - known.sinceMs < minuteMs && known.count > this.#limits.failuresPerMinute
  }
}

/** An IPv4 address itself, an IPv6 address's /64: the smallest that one subscriber cannot vary at will. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:/i, '')
  if (isIPv4(plain) || !isIPv6(plain)) return plain
  const [head = '', tail] = (plain.split('%')[0] ?? '').toLowerCase().split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail ? tail.split(':') : []
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length)
  return [...left, ...new Array<string>(zeros).fill('0'), ...right]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}
