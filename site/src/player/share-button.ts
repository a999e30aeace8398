import type { MeetingPageData } from '../model/meeting-page-data.ts'
import { fill } from '../model/phrase.ts'
import { momentPath, timecode } from '../model/timecode.ts'
import { part } from './page-parts.ts'

/** Copies the link to the moment being watched; where the clipboard is barred, shows the link to be copied by hand. */
export function shareButton({ messages, canonicalUrl }: MeetingPageData, positionSeconds: () => number): void {
  const button = part('share')
  const result = part('share-result')
  button.hidden = false
  button.addEventListener('click', () => {
    const seconds = positionSeconds()
    const url = new URL(momentPath(new URL(canonicalUrl).pathname, seconds), location.href).href
    copy(url).then(
      () => {
        result.textContent = fill(messages.shareCopied, { time: timecode(seconds) })
      },
      () => {
        const link = document.createElement('a')
        link.href = url
        link.textContent = url
        result.replaceChildren(`${messages.shareLink}: `, link)
      },
    )
  })
}

async function copy(text: string): Promise<void> {
  // Absent on pages that are not served over TLS.
  const clipboard = navigator.clipboard as Clipboard | undefined
  if (!clipboard) throw new Error('no clipboard')
  await clipboard.writeText(text)
}
