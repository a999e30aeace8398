import { isPublic } from '../catalog/access.ts'
import { meetingBySlug } from '../catalog/meetings.ts'
import { cuesOf, saveTranscript, type Transcript, transcriptsOf } from '../catalog/transcripts.ts'
import { AppError, refuse } from '../core/errors.ts'
import { isHidden } from './meetings.ts'
import type { Operations } from './operations.ts'
import { nowOf, type OperationsDeps } from './operations-deps.ts'
import { meetingUrl } from './page-address.ts'

type Words = Pick<Operations, 'importTranscript' | 'showTranscript' | 'search'>

/** What was said, and how it is found. */
export function wordOperations(deps: OperationsDeps): Words {
  const { catalog, config, search } = deps
  return {
    importTranscript: (slug, { language, origin, cues }) =>
      catalog.write(async (db) => {
        if (!isLanguage(language))
          return refuse('USAGE', { message: `"${language}" is not a language tag such as nl.` })
        const meeting = await meetingBySlug(db, slug)
        if (!meeting) return refuse('MEETING_NOT_FOUND')
        const saved = await saveTranscript(db, { meeting: meeting.id, language, origin, cues, atMs: nowOf(deps) })
        return { ok: true, value: { ...saved, cues: cues.length } }
      }),
    showTranscript: (slug, { language, audience = 'public' } = {}) =>
      catalog.read(async (db) => {
        const meeting = await meetingBySlug(db, slug)
        if (!meeting || (audience === 'public' && isHidden(meeting))) return refuse('MEETING_NOT_FOUND')
        const isShown = audience === 'operator' || isPublic(meeting)
        const known = isShown ? await transcriptsOf(db, meeting.id) : []
        const chosen = bestTranscript(known, { language, preferred: config.language })
        if (!chosen) return refuse('NOT_FOUND', { message: `The meeting ${slug} has no such transcript.` })
        const cues = (await cuesOf(db, chosen.id)).map(({ startMs, endMs, text }) => {
          return { startSeconds: startMs / 1000, endSeconds: endMs / 1000, text }
        })
        const { origin, reviewed } = chosen
        return { ok: true, value: { language: chosen.language, origin, reviewed, cues } }
      }),
    search: async (query, limit) => {
      const found = await search.query(limit === undefined ? { q: query } : { q: query, limit })
      if (found.ok) {
        const results = found.value.map(({ meeting, title, text, kind, startSeconds }) => {
          return { meeting, title, text, kind, startSeconds, url: meetingUrl(config.publicUrl, meeting, startSeconds) }
        })
        return { results }
      }
      // Before the worker has ever run there is nothing to be found.
      if (found.code === 'SEARCH_INDEX_MISSING') return { results: [] }
      throw new AppError(found.code, found)
    },
  }
}

/** What a person has seen before what none has; the town's language before others. */
export function bestTranscript(
  known: readonly Transcript[],
  { language, preferred }: { language: string | undefined; preferred: string },
): Transcript | null {
  const rank = (transcript: Transcript) =>
    (transcript.language === preferred ? 4 : 0) +
    (transcript.reviewed ? 2 : 0) +
    (transcript.origin === 'imported' ? 1 : 0)
  const candidates = language === undefined ? known : known.filter((transcript) => transcript.language === language)
  return candidates.toSorted((a, b) => rank(b) - rank(a))[0] ?? null
}

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag)[0] === tag
  } catch {
    return false
  }
}
