import { type Catalog, openCatalog } from '#archive/catalog/catalog.ts'
import { openPublishSession } from '#archive/catalog/sessions.ts'
import { endSpan, saveSpan } from '#archive/catalog/spans.ts'
import type { Outcome } from '#archive/core/errors.ts'
import { newId, type SpanId } from '#archive/core/ids.ts'
import { createOperations } from '#archive/operations/create-operations.ts'
import { createLiveControl } from '#archive/operations/live-control.ts'
import type { Operations } from '#archive/operations/operations.ts'
import { FtsIndex } from '#archive/search/fts-index.ts'

/** A town whose evenings are pressed through the product's own operations, on a clock of its own. */
export interface SeededTown {
  readonly operations: Operations
  /** What the operations read as the present, UTC milliseconds. */
  setClock(iso: string): void
  /** Starts a meeting and lets media arrive from that moment on. */
  begin(slug: string, atIso: string): Promise<void>
  /** An encoder connects in the room. */
  connect(room: string): Promise<void>
  /** Presses items, each at seconds of the recording. */
  press(slug: string, items: Readonly<Record<string, number>>): Promise<void>
  /** Ends a meeting of which `seconds` were captured. */
  finish(slug: string, seconds: number): Promise<void>
  /** Puts what the public may find into the search index. */
  index(slug: string): Promise<void>
  close(): Promise<void>
}

export async function seedTown(files: { catalog: string; search: string; dataDir: string }): Promise<SeededTown> {
  const catalog = await openCatalog({ file: files.catalog })
  const search = new FtsIndex({ file: files.search, town: catalog.town })
  await search.prepare()
  await search.confirm()
  let nowMs = Date.parse('2025-11-24T12:00:00Z')
  const operations = createOperations({
    catalog,
    live: createLiveControl(`${files.dataDir}/nobody.sock`),
    search,
    clock: { wallMs: () => nowMs, monotonicMs: () => nowMs },
    config: { publicUrl: null, timeZone: 'Europe/Brussels', language: 'nl' },
  })
  const begun = new Map<string, { span: SpanId; wallMs: number }>()
  return {
    operations,
    setClock: (iso) => {
      nowMs = Date.parse(iso)
    },
    async begin(slug, atIso) {
      nowMs = Date.parse(atIso)
      must(await operations.command(slug, 'start'))
      begun.set(slug, { span: await openSpan({ catalog, operations, slug, wallMs: nowMs }), wallMs: nowMs })
    },
    async connect(slug) {
      const room = (await operations.listRooms()).find((known) => known.slug === slug)
      if (!room) throw new Error(`there is no room ${slug}`)
      const session = { room: room.id, key: null, meeting: null, address: null, encoder: null, atMs: nowMs }
      await catalog.write((db) => openPublishSession(db, session))
    },
    async press(slug, items) {
      const startMs = begun.get(slug)?.wallMs ?? nowMs
      for (const [number, seconds] of Object.entries(items)) {
        nowMs = startMs + seconds * 1000
        must(await operations.item(slug, number))
      }
    },
    async finish(slug, seconds) {
      const { span, wallMs } = begun.get(slug) ?? { span: newId<'span'>(), wallMs: nowMs }
      nowMs = wallMs + seconds * 1000
      await catalog.write((db) => endSpan(db, { id: span, durationMs: seconds * 1000, cause: 'meeting-ended' }))
      must(await operations.command(slug, 'end'))
    },
    async index(slug) {
      const view = must(await operations.showMeeting(slug))
      const transcript = await operations.showTranscript(slug)
      const { language, cues } = transcript.ok ? transcript.value : { language: 'nl', cues: [] }
      const startOf = (id: string) => view.chapters.find(({ itemId }) => itemId === id)?.startSeconds ?? null
      await search.replaceMeeting({
        meeting: slug,
        title: view.title,
        plannedAtMs: Date.parse(view.plannedAt),
        items: view.agenda.map(({ id, title }) => ({ text: title, startSeconds: startOf(id) })),
        cues: cues.map(({ text, startSeconds }) => ({ text, language, startSeconds })),
      })
    },
    async close() {
      search.close()
      await catalog.close()
    },
  }
}

interface Opening {
  readonly catalog: Catalog
  readonly operations: Operations
  readonly slug: string
  readonly wallMs: number
}

async function openSpan({ catalog, operations, slug, wallMs }: Opening): Promise<SpanId> {
  const { recording } = must(await operations.showMeeting(slug, 'operator'))
  if (!recording) throw new Error(`${slug} has no recording`)
  const id = newId<'span'>()
  await catalog.write((db) => saveSpan(db, { id, recording, index: 0, wallMs, mediaStartMs: 0, master: 'source' }))
  return id
}

/** The value of an outcome that a test counts on. */
export function must<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.code}: ${outcome.message}`)
  return outcome.value
}
