import { En, type TranslateDictionary } from 'media-chrome/lang/en.js'
import { addTranslation } from 'media-chrome/utils/i18n.js'
import type { MeetingPageData } from '../model/meeting-page-data.ts'
import { fill } from '../model/phrase.ts'

/** Gives media-chrome its words in the page's language; its own list lacks Dutch. */
export function addControlWords({ language, messages: m }: MeetingPageData): void {
  const seconds = '{seekOffset}'
  const words: Partial<Record<keyof typeof En, string>> = {
    Captions: m.captions,
    'Enable captions': m.captions,
    'Disable captions': m.captions,
    'closed captions': m.captions,
    Off: m.captionsOff,
    'Enter fullscreen mode': m.fullscreenEnter,
    'Exit fullscreen mode': m.fullscreenExit,
    'enter fullscreen mode': m.fullscreenEnter,
    'exit fullscreen mode': m.fullscreenExit,
    'Enter picture in picture mode': m.pictureEnter,
    'Exit picture in picture mode': m.pictureExit,
    'enter picture in picture mode': m.pictureEnter,
    'exit picture in picture mode': m.pictureExit,
    Mute: m.mute,
    mute: m.mute,
    Unmute: m.unmute,
    unmute: m.unmute,
    Play: m.play,
    play: m.play,
    Pause: m.pause,
    pause: m.pause,
    'Playback rate': m.speed,
    'Playback rate {playbackRate}': `${m.speed} {playbackRate}`,
    'current playback rate': m.speed,
    Quality: m.quality,
    quality: m.quality,
    Auto: m.qualityAuto,
    Settings: m.settings,
    settings: m.settings,
    'Seek backward': fill(m.seekBackward, { seconds: 10 }),
    'Seek forward': fill(m.seekForward, { seconds: 10 }),
    'seek back {seekOffset} seconds': fill(m.seekBackward, { seconds }),
    'seek forward {seekOffset} seconds': fill(m.seekForward, { seconds }),
    'video player': m.videoPlayer,
    volume: m.volume,
    seek: m.seek,
    'playback time': m.playbackTime,
    'media loading': m.mediaLoading,
    live: m.badgeLive,
    // The word on the button must stand in its name (WCAG 2.5.3).
    'seek to live': `${m.badgeLive}, ${m.toLiveEdge}`,
    'playing live': m.badgeLive,
    hour: m.hour,
    hours: m.hours,
    minute: m.minute,
    minutes: m.minutes,
    second: m.second,
    seconds: m.seconds,
    '{time} remaining': m.timeRemaining,
    '{currentTime} of {totalTime}': m.timeOfTotal,
    'video not loaded, unknown time.': m.timeUnknown,
  }
  addTranslation(language, { ...En, ...words } as TranslateDictionary)
}
