import type { MeetingView } from '#archive/domain/meeting-view.ts'
import type { MeetingPageData } from '../model/meeting-page-data.ts'
import { originText } from '../model/transcript-origin.ts'

/** Gives the video its captions, one track per language there is, and its chapters; replaced when either changes. */
export class TextTracks {
  readonly #video: HTMLVideoElement
  readonly #data: MeetingPageData
  #written = ''

  constructor(video: HTMLVideoElement, data: MeetingPageData) {
    this.#video = video
    this.#data = data
  }

  show(view: MeetingView): void {
    const written = JSON.stringify([view.transcripts, view.chapters, view.replay !== null, view.spans.length < 2])
    if (written === this.#written) return
    this.#written = written
    const shown = [...this.#video.textTracks].find(({ kind, mode }) => kind === 'captions' && mode === 'showing')
    for (const track of this.#video.querySelectorAll('track')) track.remove()
    const folder = `/meetings/${encodeURIComponent(view.slug)}`
    if (view.replay) {
      for (const facts of view.transcripts) {
        const track = this.#add('captions', `${folder}/captions.vtt?language=${facts.language}&v=${view.revision}`)
        track.srclang = facts.language
        track.label = `${languageName(facts.language, this.#data.language)} – ${originText(facts, this.#data.messages)}`
        if (shown?.language === facts.language) track.track.mode = 'showing'
      }
    }
    // Chapters are MediaTime, which a live stream leaves with its first slate.
    const fits = view.live === null || view.spans.length < 2
    if (view.chapters.length > 0 && fits)
      this.#add('chapters', `${folder}/chapters.vtt?v=${view.revision}`).default = true
  }

  #add(kind: 'captions' | 'chapters', src: string): HTMLTrackElement {
    const track = document.createElement('track')
    track.kind = kind
    track.src = src
    this.#video.append(track)
    return track
  }
}

function languageName(language: string, inLanguage: string): string {
  try {
    return new Intl.DisplayNames([inLanguage], { type: 'language' }).of(language) ?? language
  } catch {
    return language
  }
}
