import 'media-chrome'
import 'media-chrome/menu'
import { setLanguage } from 'media-chrome/utils/i18n.js'
import type { MeetingPageData } from '../model/meeting-page-data.ts'
import { addControlWords } from './control-words.ts'
import { offerRenditions } from './rendition-list.ts'

export interface PlayerFrame {
  readonly element: HTMLElement
  readonly video: HTMLVideoElement
}

/** The controls around a video element: keyboard, captions, speed, quality, picture in picture, full screen. */
export function playerFrame(data: MeetingPageData): PlayerFrame {
  setLanguage(data.language)
  addControlWords(data)
  const controller = element('media-controller', {
    class: 'player',
    lang: data.language,
    nomutedpref: '',
    novolumepref: '',
    nosubtitleslangpref: '',
    autohide: '3',
    liveedgeoffset: '6',
    seektoliveoffset: '12',
    breakpoints: 'small:0 medium:560',
  })
  const video = document.createElement('video')
  video.slot = 'media'
  video.playsInline = true
  video.preload = 'metadata'
  video.lang = data.townLanguage
  offerRenditions(video)
  controller.append(
    video,
    element('media-loading-indicator', { slot: 'centered-chrome', noautohide: '' }),
    element('media-play-button', { slot: 'centered-chrome', class: 'large-play' }),
    settingsMenu(data),
    element('media-captions-menu', { hidden: '', anchor: 'auto' }),
    timeBar(),
    controlBar(),
  )
  return { element: controller, video }
}

function timeBar(): HTMLElement {
  const range = element('media-time-range', {})
  range.append(
    element('media-preview-time-display', { slot: 'preview' }),
    element('media-preview-chapter-display', { slot: 'preview' }),
  )
  const bar = element('media-control-bar', { class: 'time-bar' })
  bar.append(range)
  return bar
}

function controlBar(): HTMLElement {
  const bar = element('media-control-bar', { class: 'control-bar' })
  const gap = document.createElement('span')
  gap.className = 'control-gap'
  bar.append(
    element('media-play-button', {}),
    element('media-seek-backward-button', { seekoffset: '10' }),
    element('media-seek-forward-button', { seekoffset: '10' }),
    element('media-mute-button', {}),
    element('media-volume-range', {}),
    element('media-time-display', { showduration: '', notoggle: '' }),
    element('media-live-button', {}),
    gap,
    element('media-captions-menu-button', {}),
    element('media-settings-menu-button', {}),
    element('media-pip-button', {}),
    element('media-fullscreen-button', {}),
  )
  return bar
}

function settingsMenu({ messages }: MeetingPageData): HTMLElement {
  const menu = element('media-settings-menu', { hidden: '', anchor: 'auto' })
  menu.append(
    settingsItem(messages.speed, element('media-playback-rate-menu', { rates: '0.75 1 1.25 1.5 1.75 2' })),
    settingsItem(messages.quality, element('media-rendition-menu', {})),
  )
  return menu
}

function settingsItem(name: string, submenu: HTMLElement): HTMLElement {
  const item = element('media-settings-menu-item', {})
  const title = document.createElement('span')
  title.slot = 'title'
  title.textContent = name
  submenu.slot = 'submenu'
  submenu.hidden = true
  submenu.append(title)
  item.append(name, submenu)
  return item
}

function element(name: string, attributes: Readonly<Record<string, string>>): HTMLElement {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  return made
}
