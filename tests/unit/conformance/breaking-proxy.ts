import { gunzipSync, gzipSync } from 'node:zlib'
import type { Answer, Reply, ScriptedOrigin } from './virtual-network.ts'

export interface Passing {
  readonly url: URL
  readonly sentAtMs: number
  readonly nowMs: number
  /** How often this address, with its query, was asked for before. */
  readonly earlier: number
}

/** What a proxy makes of an answer on its way. */
export type Fault = (answer: Answer, passing: Passing) => Answer

/** Stands between client and origin and spoils answers. */
export class BreakingProxy implements ScriptedOrigin {
  readonly #origin: ScriptedOrigin
  readonly #fault: Fault
  readonly #redirect: (url: URL) => URL
  readonly #asked = new Map<string, number>()

  /** `redirect`: what the origin is asked instead. */
  constructor(origin: ScriptedOrigin, fault: Fault, redirect: (url: URL) => URL = (url) => url) {
    this.#origin = origin
    this.#fault = fault
    this.#redirect = redirect
  }

  answer(url: URL, times: { readonly sentAtMs: number; readonly nowMs: number }): Reply {
    const reply = this.#origin.answer(this.#redirect(url), times)
    if ('again' in reply) return reply
    const earlier = this.#asked.get(url.href) ?? 0
    this.#asked.set(url.href, earlier + 1)
    return this.#fault(reply, { url, ...times, earlier })
  }
}

export function withText(answer: Answer, change: (text: string) => string): Answer {
  return { ...answer, body: gzipSync(change(gunzipSync(answer.body).toString()), { level: 1 }) }
}

/** Changes the text of every playlist whose address matches. */
export function text(address: RegExp, change: (text: string, passing: Passing) => string): Fault {
  return (answer, passing) => {
    const isPlaylist = answer.status === 200 && passing.url.pathname.endsWith('.m3u8')
    if (!isPlaylist || !address.test(passing.url.href)) return answer
    return withText(answer, (before) => change(before, passing))
  }
}

/** Changes every media answer whose address matches. */
export function media(address: RegExp, change: (answer: Answer, passing: Passing) => Answer): Fault {
  return (answer, passing) => (address.test(passing.url.pathname) ? change(answer, passing) : answer)
}

/** Answers another status, without a body, where `applies` says so. */
export function status(to: number, applies: (passing: Passing) => boolean): Fault {
  return (answer, passing) => (applies(passing) ? { ...answer, status: to, body: new Uint8Array() } : answer)
}

/** Keeps answers back. */
export function late(ms: number, address: RegExp): Fault {
  return (answer, { url }) =>
    address.test(url.href) ? { ...answer, readyAtMs: Math.max(answer.readyAtMs, 0) + ms } : answer
}

export function both(first: Fault, second: Fault): Fault {
  return (answer, passing) => second(first(answer, passing), passing)
}
