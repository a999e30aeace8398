import pino from 'pino'
import { describe, expect, it } from 'vitest'
import { newId } from '#archive/core/ids.ts'
import type { RenditionSpec } from '#archive/hls/packaging.ts'
import { audioSpec, sourceSpec } from '#tests/support/journal.ts'
import { SlateRun, type Standing } from '../../../ingest/meeting/slate-run.ts'

const renditions: readonly RenditionSpec[] = [sourceSpec, audioSpec]

/** Time that only passes when it is told to, and the callbacks that are due by then. */
class Evening {
  nowMs = 1_000_000
  #due: { atMs: number; run: () => void }[] = []
  readonly clock = { wallMs: () => this.nowMs, monotonicMs: () => this.nowMs }
  readonly after = (delayMs: number, run: () => void) => {
    const entry = { atMs: this.nowMs + delayMs, run }
    this.#due.push(entry)
    return () => {
      this.#due = this.#due.filter((other) => other !== entry)
    }
  }

  async pass(ms: number, every: () => void = () => undefined): Promise<void> {
    const endMs = this.nowMs + ms
    while (this.nowMs < endMs) {
      this.nowMs += 20
      every()
      for (const entry of this.#due.filter(({ atMs }) => atMs <= this.nowMs)) {
        this.#due = this.#due.filter((other) => other !== entry)
        entry.run()
      }
      await Promise.resolve()
    }
  }
}

function begin(options: { standing?: Standing; canPrepare?: boolean } = {}) {
  const evening = new Evening()
  const said: string[] = []
  const shownAtMs: number[] = []
  let endsOnCut: (() => void) | null = null
  const run: SlateRun = new SlateRun({
    recorder: {
      beginSlate: ({ wallMs, why }) => said.push(`begin ${why} at ${wallMs}`),
      showSlate: (_span, slots) => {
        said.push(`show ${slots}`)
        shownAtMs.push(evening.nowMs)
      },
      endSlate: (_span, slots) => said.push(`end ${slots}`),
    },
    prepare: () =>
      options.canPrepare === false
        ? Promise.reject(new Error('no ffmpeg'))
        : Promise.resolve({ asset: '0'.repeat(32), renditions }),
    cut: (cause) => {
      said.push(`cut ${cause}`)
      endsOnCut?.()
    },
    standing: options.standing ?? null,
    clock: evening.clock,
    after: evening.after,
    log: pino({ level: 'silent' }),
  })
  const span = (wallMs = evening.nowMs - 300) => {
    const id = newId<'span'>()
    const began = evening.nowMs
    run.packaged({ type: 'span', span: id, wallMs, master: 'source', renditions })
    const end = () => {
      endsOnCut = null
      run.packaged({ type: 'span-end', span: id, durationMs: evening.nowMs - began, cause: 'disconnected' })
    }
    endsOnCut = end
    return end
  }
  const media = () => run.media(evening.nowMs)
  return { evening, run, said, shownAtMs, span, media }
}

describe('while nothing is captured', () => {
  it('a pause goes on with the slate at once, from where the span ended, a slot every 0.4 s', async () => {
    const { evening, run, said, shownAtMs, span, media } = begin()
    const end = span(999_700)
    await evening.pass(2000, media)
    run.still('paused')
    end()
    await evening.pass(1300)
    expect(said).toEqual(['begin paused at 1001700', 'show 1', 'show 2', 'show 3'])
    expect(shownAtMs.map((ms) => ms - 1_002_000)).toEqual([400, 800, 1200])
  })

  it('a connected feed that stalls is cut after 3 s, and the slate makes up for the silence', async () => {
    const { evening, said, span, media } = begin()
    span(999_700)
    await evening.pass(1000, media)
    await evening.pass(2_880)
    expect(said).toEqual([])
    await evening.pass(220)
    expect(said.slice(0, 2)).toEqual(['cut disconnected', expect.stringMatching(/^begin interrupted at/)])
  })

  it('a feed that stalls for less than that is not cut', async () => {
    const { evening, said, span, media } = begin()
    span(999_700)
    await evening.pass(1000, media)
    await evening.pass(2_500)
    await evening.pass(1000, media)
    expect(said).toEqual([])
  })

  it('an encoder that has gone is followed by the slate after 0.8 s', async () => {
    const { evening, said, span, media } = begin()
    const end = span(999_700)
    await evening.pass(1000, media)
    end()
    await evening.pass(700)
    expect(said).toEqual([])
    await evening.pass(300)
    expect(said[0]).toMatch(/^begin interrupted at/)
  })

  it('the next span ends the slate before it is recorded', async () => {
    const { evening, run, said, span, media } = begin()
    const end = span()
    await evening.pass(400, media)
    run.still('closed')
    end()
    await evening.pass(900)
    run.still(null)
    await evening.pass(900, media)
    expect(said.at(-1)).toBe('show 4')
    span()
    expect(said.at(-1)).toBe('end 4')
    await evening.pass(2000, media)
    expect(said.at(-1)).toBe('end 4')
  })

  it('nothing is shown before the first span, nor after the end', async () => {
    const { evening, run, said, span, media } = begin()
    run.still('paused')
    await evening.pass(5000)
    const end = span()
    run.close()
    end()
    await evening.pass(5000, media)
    expect(said).toEqual([])
  })

  it('a slate that is being shown is ended when the recording is closed', async () => {
    const { evening, run, said, span, media } = begin()
    const end = span()
    await evening.pass(100, media)
    run.still('paused')
    end()
    await evening.pass(1000)
    run.close()
    await evening.pass(5000)
    expect(said).toEqual([expect.stringMatching(/^begin paused/), 'show 1', 'show 2', 'end 2'])
  })

  it('a span is left alone where there is no slate to show', async () => {
    const { evening, said, span, media } = begin({ canPrepare: false })
    span()
    await evening.pass(1000, media)
    await evening.pass(10_000)
    expect(said).toEqual([])
  })
})

describe('after a restart', () => {
  it('the slate goes on from where the stream stood', async () => {
    const { evening, run, said } = begin({ standing: { renditions, endWallMs: 998_000 } })
    run.still('closed')
    await evening.pass(200)
    expect(said).toEqual(['begin closed at 998000', 'show 5'])
  })

  it('a night without the process is not filled in', async () => {
    const { evening, run, said } = begin({ standing: { renditions, endWallMs: 1_000 } })
    run.still('paused')
    await evening.pass(500)
    expect(said).toEqual([expect.stringMatching(/^begin paused at 1000\d{3}$/), 'show 1'])
  })

  it('a live meeting without an encoder is interrupted after 0.8 s', async () => {
    const { evening, said } = begin({ standing: { renditions, endWallMs: 999_000 } })
    await evening.pass(780)
    expect(said).toEqual([])
    await evening.pass(120)
    expect(said[0]).toBe('begin interrupted at 999000')
  })
})
