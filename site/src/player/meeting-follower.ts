import type { MeetingView } from '#archive/domain/meeting-view.ts'
import { backOffMs } from '../model/back-off.ts'
import { isPlayable, type MeetingNews, readNews, withNews } from '../model/meeting-news.ts'

export interface FollowerEvents {
  readonly onView: (view: MeetingView, isPlayable: boolean) => void
  /** The site cannot be reached, or can be again. */
  readonly onReachable: (isReachable: boolean) => void
}

/** A view is fetched at least this often: event streams may die without a word (half-open lines, sleeping phones). */
const longestSilenceMs = 30_000

/**
 * Follows a meeting for as long as the page is open: events tell that something has changed, the API tells what.
 * Whatever fails is tried again, for ever.
 */
export class MeetingFollower {
  readonly #slug: string
  readonly #events: FollowerEvents
  #view: MeetingView
  #news: MeetingNews | null = null
  #stream: EventSource | null = null
  #streamFailures = 0
  #fetchFailures = 0
  #isFetching = false
  #isStale = false
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(view: MeetingView, events: FollowerEvents) {
    this.#slug = view.slug
    this.#view = view
    this.#events = events
  }

  start(): void {
    this.#listen()
    this.#wait(longestSilenceMs)
    for (const event of ['online', 'pageshow'] as const) addEventListener(event, () => this.refresh())
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') this.refresh()
    })
  }

  /** Fetches the view; a request while one is under way makes one more follow it. */
  refresh(): void {
    if (this.#isFetching) {
      this.#isStale = true
      return
    }
    this.#isFetching = true
    this.#fetch()
      .catch(() => this.#failed())
      .finally(() => {
        this.#isFetching = false
        if (this.#isStale) {
          this.#isStale = false
          this.refresh()
        }
      })
  }

  #listen(): void {
    const stream = new EventSource(`/live/${encodeURIComponent(this.#slug)}/events`)
    this.#stream = stream
    stream.addEventListener('open', () => {
      this.#streamFailures = 0
      this.refresh()
    })
    stream.addEventListener('message', (event: MessageEvent<string>) => this.#heard(event.data))
    stream.addEventListener('error', () => {
      this.refresh()
      // Browsers reconnect by themselves except after an HTTP error, which closes the stream for good.
      if (stream.readyState !== EventSource.CLOSED || this.#stream !== stream) return
      this.#stream = null
      setTimeout(() => this.#listen(), backOffMs(this.#streamFailures++, Math.random()))
    })
  }

  #heard(data: string): void {
    this.#news = readNews(data)
    this.#emit()
    if (this.#news?.revision !== this.#view.revision || this.#news.state !== this.#view.state) this.refresh()
  }

  #emit(): void {
    this.#events.onView(withNews(this.#view, this.#news), isPlayable(this.#view, this.#news))
  }

  async #fetch(): Promise<void> {
    const response = await fetch(`/api/v1/meetings/${encodeURIComponent(this.#slug)}`, {
      cache: 'no-cache',
      signal: AbortSignal.timeout(10_000),
    })
    if (!response.ok) throw new Error(`the meeting answered ${response.status}`)
    this.#view = (await response.json()) as MeetingView
    this.#fetchFailures = 0
    this.#wait(longestSilenceMs)
    this.#events.onReachable(true)
    this.#emit()
  }

  #failed(): void {
    // One lost request is no news; two in a row are.
    if (this.#fetchFailures > 0) this.#events.onReachable(false)
    this.#wait(backOffMs(this.#fetchFailures++, Math.random()))
  }

  #wait(delayMs: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.refresh(), delayMs)
  }
}
