import { describe, expect, it } from 'vitest'
import { readCaptions } from '#archive/captions/caption-file.ts'
import { demoCaptions, demoScript } from '../../../archive/cli/demo/script.ts'

describe('the demo script', () => {
  it.each([20, 30, 120, 600])('keeps presses and sentences in order within %i seconds', (seconds) => {
    const script = demoScript(seconds)
    const times = [...script.presses, ...script.lines].map(({ atMs }) => atMs)
    expect(Math.max(...times)).toBeLessThan(seconds * 1000)
    expect(script.presses.map(({ atMs }) => atMs)).toEqual(
      script.presses.map(({ atMs }) => atMs).toSorted((a, b) => a - b),
    )
    expect(script.presses.map(({ number }) => number)).toEqual(script.agenda.map(({ number }) => number))
  })

  it('becomes captions that our own reader takes, moved to MediaTime', () => {
    const { lines } = demoScript(100)
    const captions = readCaptions(
      demoCaptions(
        lines,
        lines.map(({ atMs }) => atMs + 2_500),
        -4_000,
      ),
    )
    expect(captions.ok && captions.value[0]).toMatchObject({ startMs: 26_000, endMs: 28_500, text: lines[0]?.text })
    expect(captions.ok && captions.value.length).toBe(lines.length)
  })
})
