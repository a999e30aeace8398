/** What happens in the demo's meeting; times count from the press of *start*. */
export interface DemoItem {
  readonly number: string
  readonly title: string
}

export interface DemoLine {
  readonly atMs: number
  readonly voice: string
  readonly speed: number
  readonly text: string
}

export interface DemoScript {
  readonly seconds: number
  readonly agenda: readonly DemoItem[]
  readonly presses: readonly { readonly atMs: number; readonly number: string }[]
  readonly lines: readonly DemoLine[]
}

const agenda: readonly DemoItem[] = [
  { number: '1', title: 'Opening van de zitting' },
  { number: '2', title: 'Mobiliteitsplan voor het centrum' },
  { number: '3', title: 'Opening van de nieuwe bibliotheek' },
  { number: '4', title: 'Stemming over de begroting' },
]

/** Sentences that a small speech model hears word for word when espeak-ng speaks them. */
const sentences: readonly Omit<DemoLine, 'atMs'>[] = [
  { voice: 'nl+m3', speed: 135, text: 'Het nieuwe plan voor de mobiliteit is klaar.' },
  { voice: 'nl', speed: 105, text: 'De mobiliteit in het centrum is een probleem.' },
  { voice: 'nl', speed: 120, text: 'De nieuwe bibliotheek opent in september.' },
  { voice: 'nl', speed: 120, text: 'De stemming is gesloten.' },
]

/** The items and the sentences spread over a meeting of this length, in seconds (at least 20). */
export function demoScript(seconds: number): DemoScript {
  const at = (share: number) => Math.round(seconds * share * 1000)
  const shares = [0.3, 0.42, 0.6, 0.85]
  return {
    seconds,
    agenda,
    presses: [
      { atMs: at(0.08), number: '1' },
      { atMs: at(0.25), number: '2' },
      { atMs: at(0.55), number: '3' },
      { atMs: at(0.8), number: '4' },
    ],
    lines: sentences.map((sentence, index) => ({ ...sentence, atMs: at(shares[index] ?? 0.9) })),
  }
}

/** The script's own sentences as WebVTT; `offsetMs` is MediaTime of the script's zero. */
export function demoCaptions(lines: readonly DemoLine[], endsMs: readonly number[], offsetMs: number): string {
  const stamp = (ms: number) => new Date(Math.max(0, ms)).toISOString().slice(11, 23)
  const cues = lines.map(
    (line, index) =>
      `${stamp(line.atMs + offsetMs)} --> ${stamp((endsMs[index] ?? line.atMs + 3000) + offsetMs)}\n${line.text}`,
  )
  return `WEBVTT\n\n${cues.join('\n\n')}\n`
}
