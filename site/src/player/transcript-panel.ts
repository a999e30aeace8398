import type { MeetingView, TranscriptView } from '#archive/domain/meeting-view.ts'
import type { MeetingPageData } from '../model/meeting-page-data.ts'
import { cueAt, passages } from '../model/passages.ts'
import { timecode } from '../model/timecode.ts'
import { originText } from '../model/transcript-origin.ts'
import { part } from './page-parts.ts'

/** The words beside the player: fetched when there are any, followed while the recording plays, a click jumps. */
export class TranscriptPanel {
  readonly #data: MeetingPageData
  readonly #box = part('transcript-box')
  readonly #follow = part('transcript-follow') as HTMLInputElement
  #cues: TranscriptView['cues'] = []
  #elements: HTMLElement[] = []
  #current = -1
  #loaded = ''

  constructor(data: MeetingPageData) {
    this.#data = data
  }

  show(view: MeetingView): void {
    const known = view.replay ? JSON.stringify(view.transcripts) : '[]'
    part('transcript-link').hidden = view.transcripts.length === 0
    if (known === this.#loaded || view.transcripts.length === 0) return
    this.#load(view.slug)
      .then(() => {
        this.#loaded = known
      })
      // The link to the transcript's own page stays; the next view tries again.
      .catch(() => {})
  }

  /** Marks the words spoken at `seconds`. */
  position(seconds: number): void {
    const current = cueAt(this.#cues, seconds)
    if (current === this.#current) return
    this.#elements[this.#current]?.removeAttribute('aria-current')
    this.#current = current
    const element = this.#elements[current]
    if (!element) return
    element.setAttribute('aria-current', 'true')
    if (this.#follow.checked && !this.#box.matches(':focus-within')) this.#reveal(element)
  }

  #reveal(element: HTMLElement): void {
    const top = element.offsetTop - this.#box.offsetTop
    this.#box.scrollTo({ top: Math.max(0, top - this.#box.clientHeight / 3) })
  }

  async #load(slug: string): Promise<void> {
    const response = await fetch(`/api/v1/meetings/${encodeURIComponent(slug)}/transcript`)
    if (!response.ok) throw new Error(`the transcript answered ${response.status}`)
    const transcript = (await response.json()) as TranscriptView
    this.#write(transcript)
    this.#box.lang = transcript.language
    this.#box.hidden = false
    part('transcript-follow-label').hidden = false
    part('transcript-empty').hidden = true
    const origin = part('transcript-origin')
    origin.hidden = false
    origin.dataset.origin = transcript.origin
    origin.textContent = originText(transcript, this.#data.messages)
  }

  #write({ cues }: TranscriptView): void {
    this.#cues = cues
    this.#current = -1
    this.#elements = []
    const fragment = document.createDocumentFragment()
    for (const passage of passages(cues)) {
      const paragraph = document.createElement('p')
      paragraph.className = 'passage'
      paragraph.append(momentLink(passage.startSeconds, 'passage-time', timecode(passage.startSeconds)))
      const words = document.createElement('span')
      for (const cue of passage.cues) {
        const element = document.createElement('span')
        element.className = 'cue'
        element.dataset.seconds = String(cue.startSeconds)
        element.textContent = cue.text.replaceAll('\n', ' ')
        this.#elements.push(element)
        words.append(element, ' ')
      }
      paragraph.append(words)
      fragment.append(paragraph)
    }
    this.#box.replaceChildren(fragment)
  }
}

function momentLink(seconds: number, className: string, text: string): HTMLAnchorElement {
  const link = document.createElement('a')
  link.className = className
  link.href = `?t=${Math.floor(seconds)}`
  link.dataset.seconds = String(seconds)
  link.textContent = text
  return link
}
