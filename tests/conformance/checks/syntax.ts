import HLS from 'hls-parser'
import { type Check, each } from '../check.ts'
import { about } from '../observations.ts'
import type { PlaylistSeen, Session } from '../session.ts'

/** Answers that should have been a playlist. */
function expected({ playlists }: Session): readonly PlaylistSeen[] {
  return playlists.filter(({ purpose, exchange }) => {
    const isRefusal = purpose === 'part-alone' || purpose === 'msn-too-far' || purpose === 'part-too-far'
    return !isRefusal && exchange.status === 200
  })
}

export const syntaxChecks: readonly Check[] = [
  {
    id: 'syntax',
    clause: '4',
    rule: 'every playlist can be read',
    judge: (session) => {
      const { multivariant } = session
      const first = multivariant ? [multivariant.problem && `multivariant playlist: ${multivariant.problem}`] : []
      const others = expected(session).map((seen) => seen.problem && about(seen, seen.problem))
      return each([...first, ...others], (problem) => problem)
    },
  },
  {
    id: 'second-opinion',
    clause: '4',
    rule: 'hls-parser in strict mode reads every playlist too',
    judge: (session) => {
      HLS.setOptions({ strictMode: true })
      const texts = new Map(expected(session).map((seen) => [seen.text, seen]))
      const first = session.multivariant?.problem === null ? [complaint(session.multivariant.text)] : []
      const others = [...texts.values()].map((seen) => {
        const said = complaint(seen.text)
        return said && about(seen, said)
      })
      return each([...first, ...others], (problem) => problem)
    },
  },
]

/** It counts segments where the rule counts seconds: short segments at the end of a span break its rule, not the clause. */
const notTheRule = /greater than three target durations from the end/

function complaint(text: string): string | null {
  try {
    HLS.parse(text)
    return null
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    return notTheRule.test(said) ? null : said
  }
}
