import type { MeetingView } from '#archive/domain/meeting-view.ts'
import { backOffMs } from '../model/back-off.ts'
import type { MeetingPageData } from '../model/meeting-page-data.ts'
import { type PlaybackSource, playbackSource, sameSource } from '../model/playback-source.ts'
import { mediaSecondsAt, positionOf } from '../model/stream-position.ts'
import { part } from './page-parts.ts'
import { attachPlayback, type Playback, type PlaybackRequest } from './playback.ts'
import type { PlayerFrame } from './player-frame.ts'
import { soundButton } from './sound-button.ts'
import { TextTracks } from './text-tracks.ts'

/** A live stream that should play and does not move for this long is attached anew. */
const stallMs = 12_000
const watchIntervalMs = 2_000
/** Within this distance of the newest picture a viewer counts as watching live. */
const liveEdgeSeconds = 30

/** The player and what feeds it. Whatever breaks is attached anew at the same position, for ever. */
export class Stage {
  readonly #data: MeetingPageData
  readonly #host = part('stage')
  #frame: PlayerFrame | null = null
  #tracks: TextTracks | null = null
  #source: PlaybackSource | null = null
  #playback: Playback | null = null
  #attempt = 0
  #failures = 0
  #retry: ReturnType<typeof setTimeout> | undefined
  #movedAtMs = performance.now()
  #spans: MeetingView['spans'] = []
  /** MediaTime. Where to begin: the link's moment at first, the last position afterwards; null is the live edge. */
  #position: number | null
  #wantsToPlay = false
  #startsMuted = false

  constructor(data: MeetingPageData, startSeconds: number | null) {
    this.#data = data
    this.#position = startSeconds
    setInterval(() => this.#watch(), watchIntervalMs)
  }

  /** Shows what the view offers: begins, goes on, or changes from the live stream to the replay. */
  async show(view: MeetingView, isPlayable: boolean): Promise<void> {
    // What plays goes on; nothing new is begun before there is something to play.
    const source = isPlayable || this.#source !== null ? playbackSource(view) : null
    if (source && !this.#frame) await this.#build()
    this.#tracks?.show(view)
    this.#spans = view.spans
    if (sameSource(source, this.#source)) return
    const endsNow = this.#source?.kind === 'live' && source?.kind === 'replay' && this.hasBegun
    this.#keepPosition()
    // Whoever watched to the end stays at that word; the replay of a meeting nobody began to watch starts at its start.
    if (endsNow) this.#position = this.positionSeconds
    this.#source = source
    this.#failures = 0
    part('stage-tools').hidden = source === null
    this.#host.toggleAttribute('data-source', source !== null)
    if (source) part('stream-link').setAttribute('href', source.hls)
    // A link to a moment of a live meeting, and whatever was watched before, begin where they ask; the rest live.
    if (source?.kind === 'live' && this.#position === null && !this.hasBegun) {
      this.#wantsToPlay = startsByItself()
      this.#startsMuted = this.#wantsToPlay
    }
    await this.#attach()
  }

  /** MediaTime: a link to it leads to the same word for ever, whatever pauses the live stream has shown. */
  get positionSeconds(): number {
    const video = this.#frame?.video
    if (!video) return this.#position ?? 0
    return mediaSecondsAt(video.currentTime, this.#playback?.stretches() ?? [], this.#spans)
  }

  get hasBegun(): boolean {
    const video = this.#frame?.video
    return video !== undefined && this.#playback !== null && (video.currentTime > 0 || !video.paused)
  }

  get isAtLiveEdge(): boolean {
    const edge = this.#playback?.liveSeconds() ?? null
    const at = this.#frame?.video.currentTime ?? 0
    return this.#source?.kind === 'live' && (edge === null || at > edge - liveEdgeSeconds)
  }

  seek(seconds: number): void {
    this.#position = seconds
    this.#startsMuted = false
    const video = this.#frame?.video
    if (!video || !this.#playback) return
    video.currentTime = positionOf(seconds, this.#playback.stretches(), this.#spans)
    this.#wantsToPlay = true
    play(video)
  }

  onTime(listener: () => void): void {
    this.#host.addEventListener('timeupdate', listener, { capture: true })
    this.#host.addEventListener('seeking', listener, { capture: true })
  }

  async #build(): Promise<void> {
    const { playerFrame } = await import('./player-frame.ts')
    if (this.#frame) return
    this.#frame = playerFrame(this.#data)
    const { video, element } = this.#frame
    this.#tracks = new TextTracks(video, this.#data)
    video.addEventListener('timeupdate', () => this.#moved())
    video.addEventListener('play', () => {
      this.#wantsToPlay = true
      this.#movedAtMs = performance.now()
    })
    video.addEventListener('pause', () => {
      if (this.#playback && !video.ended) this.#wantsToPlay = false
    })
    const rest = part('stage-rest')
    rest.slot = 'poster'
    element.append(rest)
    this.#host.prepend(element)
    this.#host.append(soundButton(video, this.#data.messages.turnSoundOn))
  }

  async #attach(): Promise<void> {
    clearTimeout(this.#retry)
    this.#detach()
    const attempt = ++this.#attempt
    const [source, video] = [this.#source, this.#frame?.video]
    this.#host.toggleAttribute('data-playing', false)
    if (!source || !video) return
    const request = {
      video,
      source,
      startAt: this.#startAt(),
      onReady: () => this.#ready(video),
      onBroken: () => this.#broken(attempt),
    }
    try {
      const playback = await attachPlayback(request)
      if (attempt !== this.#attempt) playback?.detach()
      else if (playback) this.#playback = playback
      else this.#unplayable()
    } catch {
      // The player's own code could not be loaded: the site may be restarting.
      this.#broken(attempt)
    }
  }

  #startAt(): PlaybackRequest['startAt'] {
    const seconds = this.#position
    return seconds === null ? null : (stretches) => positionOf(seconds, stretches, this.#spans)
  }

  #ready(video: HTMLVideoElement): void {
    this.#movedAtMs = performance.now()
    if (!this.#wantsToPlay) return
    // A page must not begin to speak by itself.
    if (this.#startsMuted) video.muted = true
    this.#startsMuted = false
    play(video)
  }

  #moved(): void {
    this.#movedAtMs = performance.now()
    this.#failures = 0
    this.#host.toggleAttribute('data-playing', true)
  }

  #broken(attempt: number): void {
    if (attempt !== this.#attempt) return
    this.#keepPosition()
    this.#detach()
    this.#host.toggleAttribute('data-playing', false)
    this.#attempt++
    clearTimeout(this.#retry)
    this.#retry = setTimeout(() => void this.#attach(), backOffMs(this.#failures++, Math.random()))
  }

  #watch(): void {
    const video = this.#frame?.video
    if (!video || !this.#playback || video.paused || video.seeking) return
    const silentMs = performance.now() - this.#movedAtMs
    if (standsStill(this.#host.dataset.state)) {
      // It shows why; attached anew, its last seconds would play over and over.
      if (silentMs > watchIntervalMs * 2) this.#host.toggleAttribute('data-playing', false)
      return
    }
    if (this.#source?.kind !== 'live' || silentMs < stallMs || document.visibilityState === 'hidden') return
    this.#movedAtMs = performance.now()
    this.#broken(this.#attempt)
  }

  #detach(): void {
    const playback = this.#playback
    this.#playback = null
    playback?.detach()
  }

  /** Live viewers come back live; everybody else where they were. */
  #keepPosition(): void {
    const video = this.#frame?.video
    if (!video || !this.#playback || !this.hasBegun) return
    this.#position = this.isAtLiveEdge && this.#source?.kind === 'live' ? null : this.positionSeconds
  }

  #unplayable(): void {
    const note = part('share-result')
    note.textContent = this.#data.messages.playerFailed
  }
}

/** Nothing new arrives in these states, for as long as they last. */
function standsStill(state: string | undefined): boolean {
  return state === 'paused' || state === 'closed' || state === 'interrupted'
}

function startsByItself(): boolean {
  return !matchMedia('(prefers-reduced-motion: reduce)').matches
}

function play(video: HTMLVideoElement): void {
  // Refused where the browser wants a press first: the play button is there.
  video.play().catch(() => {})
}
