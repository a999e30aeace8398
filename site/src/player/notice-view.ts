import type { MeetingView } from '#archive/domain/meeting-view.ts'
import type { MeetingPageData } from '../model/meeting-page-data.ts'
import { stateNotice } from '../model/state-notice.ts'
import { part } from './page-parts.ts'

/** Keeps the sentences about the meeting's state true; the region is polite, so a change is read out once. */
export function noticeView({ messages, language }: MeetingPageData) {
  const box = part('notice')
  const connection = part('connection-notice')
  const write = (name: 'badge' | 'title' | 'text', text: string) => {
    const element = box.querySelector<HTMLElement>(`[data-part="${name}"]`)
    if (element && element.textContent !== text) element.textContent = text
    return element
  }
  return {
    show(view: MeetingView): void {
      const notice = stateNotice(view, messages, language)
      if (box.dataset.state === notice.state) return
      box.dataset.state = notice.state
      part('stage').dataset.state = notice.state
      const badge = write('badge', notice.badge)
      if (badge) badge.dataset.state = notice.state
      write('title', notice.title)
      write('text', notice.text)
      part('stage-title').textContent = notice.title
    },
    reachable(isReachable: boolean): void {
      connection.hidden = isReachable
      connection.textContent = isReachable ? '' : messages.connectionLost
    },
  }
}
