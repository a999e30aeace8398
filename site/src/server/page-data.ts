import type { MeetingPageData } from '../model/meeting-page-data.ts'

/** The facts that the page's script starts from, safe inside a script element (HTML 13.1.3: no `<` may stand in it). */
export function pageData(data: MeetingPageData): string {
  return JSON.stringify(data).replaceAll('<', '\\u003c')
}
