import type { MeetingView } from '#archive/domain/meeting-view.ts'
import type { Messages } from '../i18n/messages.ts'
import type { Language } from './locale.ts'

/** What the server hands to the script of a meeting page. */
export interface MeetingPageData {
  readonly view: MeetingView
  readonly messages: Messages
  readonly language: Language
  /** Language of titles and agenda. */
  readonly townLanguage: Language
  /** The page's address in its language; a moment is `?t=` behind it. */
  readonly canonicalUrl: string
}
