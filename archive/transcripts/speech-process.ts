import { type ChildProcess, fork } from 'node:child_process'
import type { FromSpeech, ToSpeech } from './speech-message.ts'

/** The process is gone; `detail` is the end of what it printed. */
export interface SpeechExit {
  readonly type: 'exit'
  readonly detail: string
}

const tailCharacters = 2000

/** One speech process: messages in order, then its exit, each taken with `next`. */
export class SpeechProcess {
  readonly #child: ChildProcess
  readonly #received: (FromSpeech | SpeechExit)[] = []
  #wake: () => void = () => {}
  #tail = ''

  /** `file` is a module that speaks `ToSpeech` and `FromSpeech`. */
  constructor(file: string) {
    this.#child = fork(file, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
    })
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#tail = (this.#tail + text).slice(-tailCharacters)
    })
    this.#child.on('message', (message: FromSpeech) => this.#take(message))
    // A send that fails is followed by the exit, which is what counts.
    this.#child.on('error', () => {})
    this.#child.on('exit', (code, signal) => {
      this.#take({ type: 'exit', detail: `${signal ?? `code ${code}`} ${this.#tail}`.trim() })
    })
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  send(message: ToSpeech): void {
    if (this.#child.connected) this.#child.send(message, () => {})
  }

  /** The next message. Silence for `patienceMs` or an abort kills the process, which then tells its exit. */
  async next(patienceMs: number, signal?: AbortSignal): Promise<FromSpeech | SpeechExit> {
    const kill = () => this.kill()
    const timer = setTimeout(kill, patienceMs)
    signal?.addEventListener('abort', kill)
    try {
      for (;;) {
        signal?.throwIfAborted()
        const message = this.#received.shift()
        if (message) return message
        await new Promise<void>((wake) => {
          this.#wake = wake
        })
      }
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', kill)
    }
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }

  #take(message: FromSpeech | SpeechExit): void {
    this.#received.push(message)
    this.#wake()
  }
}
