import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The folder of a speech model beside the project, or null: models are not part of it. */
export function speechModelBeside(): string | null {
  const folder = join(import.meta.dirname, '../../../shared/models')
  return existsSync(join(folder, 'espeak-exact.tsv')) ? folder : null
}

export interface SpokenSentence {
  readonly voice: string
  readonly speed: string
  readonly text: string
}

/** Sentences that the model beside the project understands word for word when espeak-ng speaks them. */
export function exactSentences(modelFolder: string): SpokenSentence[] {
  if (!existsSync(join(modelFolder, 'espeak-exact.tsv'))) return []
  return readFileSync(join(modelFolder, 'espeak-exact.tsv'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const [voice = '', speed = '', text = ''] = line.split('\t')
      return { voice, speed, text }
    })
}

/** Speaks a sentence: mono float samples, 16,000 a second. `-D`: sox's dither changes what is understood. */
export async function spoken(sentence: SpokenSentence, folder: string): Promise<Float32Array> {
  const wave = join(folder, 'spoken.wav')
  await run('espeak-ng', ['-v', sentence.voice, '-s', sentence.speed, '-w', wave, sentence.text])
  const { stdout } = await run(
    'sox',
    ['-D', wave, '-r', '16000', '-c', '1', '-e', 'floating-point', '-b', '32', '-t', 'raw', '-'],
    { encoding: 'buffer', maxBuffer: 64 << 20 },
  )
  return new Float32Array(new Uint8Array(stdout).buffer)
}
