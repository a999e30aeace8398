import type { MeetingView } from '#archive/domain/meeting-view.ts'
import { type AgendaRow, agendaRows, itemsAt } from '../model/agenda-rows.ts'
import type { MeetingPageData } from '../model/meeting-page-data.ts'
import { fill } from '../model/phrase.ts'
import { isoDuration, timecode } from '../model/timecode.ts'
import { part } from './page-parts.ts'

/** The agenda beside the player; it writes the same elements as site/src/components/agenda-items.astro. */
export class AgendaList {
  readonly #data: MeetingPageData
  readonly #list = part('agenda-list')
  readonly #box = part('agenda')
  #rows: AgendaRow[]
  #written: string
  #current = ''

  constructor(data: MeetingPageData) {
    this.#data = data
    this.#rows = agendaRows(data.view)
    this.#written = JSON.stringify(this.#rows)
  }

  show(view: MeetingView): void {
    const rows = agendaRows(view)
    const written = JSON.stringify(rows)
    if (written === this.#written) return
    const focused = this.#focusedItem()
    this.#rows = rows
    this.#written = written
    part('agenda-empty').hidden = rows.length > 0
    this.#list.replaceChildren(...rows.map((row) => this.#element(row)))
    this.#mark()
    if (focused) this.#list.querySelector<HTMLElement>(`[data-item="${CSS.escape(focused)}"] a`)?.focus()
  }

  /** Marks the items treated at a position, or those named; announces a change when `isLive`. */
  highlight(choice: { seconds: number } | { items: readonly string[] }, isLive: boolean): void {
    const items = 'items' in choice ? choice.items : itemsAt(this.#rows, choice.seconds)
    const current = items.join(' ')
    if (current === this.#current) return
    this.#current = current
    this.#mark()
    this.#reveal()
    if (isLive) this.#announce(items)
  }

  #mark(): void {
    const current = new Set(this.#current.split(' '))
    for (const element of this.#list.querySelectorAll<HTMLElement>('[data-item]')) {
      if (current.has(element.dataset.item ?? '')) element.setAttribute('aria-current', 'true')
      else element.removeAttribute('aria-current')
    }
  }

  /** Scrolls within the list only: the page itself never moves by itself. */
  #reveal(): void {
    const element = this.#list.querySelector<HTMLElement>('[aria-current]')
    if (!element || this.#box.matches(':focus-within') || this.#box.matches(':hover')) return
    const top = element.offsetTop - this.#box.offsetTop
    const isVisible =
      top >= this.#box.scrollTop && top + element.offsetHeight <= this.#box.scrollTop + this.#box.clientHeight
    if (!isVisible) this.#box.scrollTo({ top: Math.max(0, top - this.#box.clientHeight / 3) })
  }

  #announce(items: readonly string[]): void {
    const titles = this.#rows
      .filter(({ itemId }) => items.includes(itemId))
      .map(({ number, title }) => `${number} ${title}`)
    part('item-announcement').textContent =
      titles.length === 0 ? '' : `${this.#data.messages.nowPlaying}: ${titles.join(', ')}`
  }

  #focusedItem(): string | null {
    const item = document.activeElement?.closest<HTMLElement>('[data-item]')
    return item && this.#list.contains(item) ? (item.dataset.item ?? null) : null
  }

  #element(row: AgendaRow): HTMLElement {
    const element = document.createElement('li')
    element.className = 'agenda-item'
    element.dataset.item = row.itemId
    element.dataset.depth = String(Math.min(row.depth, 3))
    const title = span('agenda-title')
    const [first, ...later] = row.treatments
    title.append(first ? momentLink(first.startSeconds, row.title) : row.title)
    if (!row.isPublic) title.append(this.#closedMark())
    const times = span('agenda-times')
    if (first) times.append(timeElement(first.startSeconds))
    for (const { startSeconds } of later) {
      const link = momentLink(startSeconds, timeElement(startSeconds))
      link.ariaLabel = fill(this.#data.messages.jumpTo, { time: timecode(startSeconds) })
      times.append(link)
    }
    const number = span('agenda-number')
    number.textContent = row.number
    element.append(number, title, times)
    return element
  }

  #closedMark(): HTMLElement {
    const mark = span('closed-mark')
    mark.lang = this.#data.language
    mark.textContent = this.#data.messages.closedItem
    return mark
  }
}

function span(className: string): HTMLElement {
  const element = document.createElement('span')
  element.className = className
  return element
}

function momentLink(seconds: number, content: string | Node): HTMLAnchorElement {
  const link = document.createElement('a')
  link.href = `?t=${Math.floor(seconds)}`
  link.dataset.seconds = String(seconds)
  link.append(content)
  return link
}

function timeElement(seconds: number): HTMLTimeElement {
  const time = document.createElement('time')
  time.dateTime = isoDuration(seconds)
  time.textContent = timecode(seconds)
  return time
}
