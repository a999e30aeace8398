import type { MeetingView } from '#archive/domain/meeting-view.ts'

/** A stretch of the recording in which the row's item was treated. */
export interface Treatment {
  readonly startSeconds: number
  /** Null while it goes on. */
  readonly endSeconds: number | null
}

export interface AgendaRow {
  readonly itemId: string
  readonly number: string
  readonly title: string
  readonly depth: number
  readonly isPublic: boolean
  readonly treatments: readonly Treatment[]
}

type Agenda = Pick<MeetingView, 'agenda' | 'chapters'>

/** The agenda in its own order, each item with the moments at which it was treated. */
export function agendaRows(view: Agenda): AgendaRow[] {
  return view.agenda.map((item) => ({
    itemId: item.id,
    number: item.number,
    title: item.title,
    depth: item.depth,
    isPublic: item.public,
    treatments: view.chapters.filter((chapter) => chapter.itemId === item.id).map(treatmentOf),
  }))
}

function treatmentOf({ startSeconds, endSeconds }: MeetingView['chapters'][number]): Treatment {
  return { startSeconds, endSeconds }
}

/** Rounding of positions in players and playlists: a jump to a chapter may land this much before its start. */
const toleranceSeconds = 0.25

/**
 * Ids of the items treated at `seconds`: those whose treatment began last and has not ended. Items treated together
 * share one beginning, so there may be several; before the first and after the last there is none.
 */
export function itemsAt(rows: readonly AgendaRow[], seconds: number): string[] {
  let found: string[] = []
  let latest = Number.NEGATIVE_INFINITY
  for (const row of rows) {
    const start = openTreatment(row, seconds + toleranceSeconds)
    if (start === null || start < latest) continue
    found = start === latest ? [...found, row.itemId] : [row.itemId]
    latest = start
  }
  return found
}

function openTreatment(row: AgendaRow, seconds: number): number | null {
  const open = row.treatments.filter(
    ({ startSeconds, endSeconds }) => startSeconds <= seconds && (endSeconds === null || seconds < endSeconds),
  )
  return open.length > 0 ? Math.max(...open.map(({ startSeconds }) => startSeconds)) : null
}
