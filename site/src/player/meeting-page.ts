import type { MeetingView } from '#archive/domain/meeting-view.ts'
import { readPosition } from '../model/timecode.ts'
import { AgendaList } from './agenda-list.ts'
import { MeetingFollower } from './meeting-follower.ts'
import { noticeView } from './notice-view.ts'
import { part, readPageData } from './page-parts.ts'
import { shareButton } from './share-button.ts'
import { Stage } from './stage.ts'
import { TranscriptPanel } from './transcript-panel.ts'

const data = readPageData()
const startSeconds = readPosition(new URLSearchParams(location.search).get('t'))
const stage = new Stage(data, startSeconds)
const agenda = new AgendaList(data)
const transcript = new TranscriptPanel(data)
const notice = noticeView(data)
let view = data.view

function show(next: MeetingView, isPlayable: boolean): void {
  view = next
  notice.show(view)
  agenda.show(view)
  transcript.show(view)
  highlight()
  stage.show(view, isPlayable).catch(() => {
    // The player's code did not arrive; the follower's next view tries again.
  })
}

/** Live viewers see the item as it is pressed; whoever looks back sees the one of that moment. */
function highlight(): void {
  const seconds = stage.hasBegun ? stage.positionSeconds : startSeconds
  if (view.live && (seconds === null || stage.isAtLiveEdge)) {
    agenda.highlight({ items: view.currentItemId ? [view.currentItemId] : [] }, true)
  } else if (seconds !== null) {
    agenda.highlight({ seconds }, false)
    transcript.position(seconds)
  }
}

function jumpOnClick(container: HTMLElement): void {
  container.addEventListener('click', (event) => {
    const target = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-seconds]') : null
    if (!target || event.metaKey || event.ctrlKey || event.shiftKey || (!view.live && !view.replay)) return
    // Selecting words of the transcript is no click on them.
    if (getSelection()?.isCollapsed === false) return
    event.preventDefault()
    stage.seek(Number(target.dataset.seconds))
  })
}

stage.onTime(highlight)
jumpOnClick(part('agenda'))
jumpOnClick(part('transcript-box'))
shareButton(data, () => stage.positionSeconds)
// The event stream says at once whether a live meeting has a picture already.
show(view, view.live === null)

/** So long after the end chapters, transcript and length are still being completed. */
const completingMs = 30 * 60_000

/** A recording that was published a while ago changes so rarely that a reload will do; until then the page follows. */
function isSettled({ state, endedAt }: MeetingView): boolean {
  if (state === 'cancelled') return true
  return state === 'published' && (endedAt === null || Date.now() - Date.parse(endedAt) > completingMs)
}

if (!isSettled(view)) {
  const follower = new MeetingFollower(view, { onView: show, onReachable: notice.reachable })
  follower.start()
}
