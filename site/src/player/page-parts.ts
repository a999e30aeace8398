import type { MeetingPageData } from '../model/meeting-page-data.ts'

/** The element with this id; the server writes all that are asked for. @throws Error when it did not. */
export function part(id: string): HTMLElement {
  const element = document.getElementById(id)
  if (!element) throw new Error(`the page has no element #${id}`)
  return element
}

export function readPageData(): MeetingPageData {
  return JSON.parse(part('page-data').textContent) as MeetingPageData
}
