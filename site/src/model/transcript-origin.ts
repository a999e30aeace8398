import type { TranscriptFacts } from '#archive/domain/meeting-view.ts'
import type { Messages } from '../i18n/messages.ts'

/** Where the words come from, so that nobody takes a machine's guess for the record. */
export function originText({ origin, reviewed }: TranscriptFacts, messages: Messages): string {
  if (reviewed) return messages.transcriptReviewed
  return origin === 'automatic' ? messages.transcriptAutomatic : messages.transcriptImported
}
