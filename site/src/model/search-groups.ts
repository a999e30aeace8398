import type { SearchResult } from '#archive/operations/operations.ts'

export interface SearchGroup {
  /** Slug of the meeting. */
  readonly meeting: string
  readonly title: string
  /** Whether the title of the meeting itself was found. */
  readonly titleMatches: boolean
  readonly hits: readonly SearchResult[]
}

/** Results by meeting: meetings in the order of their best result, results as they were ranked. */
export function searchGroups(results: readonly SearchResult[]): SearchGroup[] {
  const slugs = [...new Set(results.map(({ meeting }) => meeting))]
  return slugs.map((meeting) => {
    const own = results.filter((result) => result.meeting === meeting)
    return {
      meeting,
      title: own[0]?.title ?? meeting,
      titleMatches: own.some(({ kind }) => kind === 'meeting'),
      hits: own.filter(({ kind }) => kind !== 'meeting'),
    }
  })
}
