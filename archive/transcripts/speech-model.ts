import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Outcome, refuse } from '../core/errors.ts'

/** Absolute paths of the files that sherpa-onnx needs. */
export interface SpeechModel {
  readonly encoder: string
  readonly decoder: string
  readonly tokens: string
  readonly vad: string
}

const patterns = {
  encoder: /encoder.*\.onnx$/,
  decoder: /decoder.*\.onnx$/,
  tokens: /tokens\.txt$/,
  vad: /^silero_vad\.onnx$/,
} as const satisfies Record<keyof SpeechModel, RegExp>

const wanted = {
  encoder: '*encoder*.onnx',
  decoder: '*decoder*.onnx',
  tokens: '*tokens.txt',
  vad: 'silero_vad.onnx',
} as const satisfies Record<keyof SpeechModel, string>

/**
 * Finds a model's files in `folder` by their names. A smaller (8-bit) file wins over a larger one beside it. A missing voice detector would
 * not fail but never hear anything, so all four are required. Refuses with SPEECH_MODEL_INCOMPLETE.
 */
export async function findSpeechModel(folder: string): Promise<Outcome<SpeechModel>> {
  const names = (await namesIn(folder)).toSorted()
  const pick = (part: keyof SpeechModel) => {
    const matching = names.filter((name) => patterns[part].test(name))
    const name = matching.find((candidate) => candidate.includes('int8')) ?? matching[0]
    return name === undefined ? null : join(folder, name)
  }
  const [encoder, decoder, tokens, vad] = [pick('encoder'), pick('decoder'), pick('tokens'), pick('vad')]
  if (encoder && decoder && tokens && vad) return { ok: true, value: { encoder, decoder, tokens, vad } }
  const missing = Object.entries({ encoder, decoder, tokens, vad }).flatMap(([part, path]) =>
    path === null ? [wanted[part as keyof SpeechModel]] : [],
  )
  return refuse('SPEECH_MODEL_INCOMPLETE', { message: `The folder ${folder} holds no ${missing.join(', no ')}.` })
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch {
    // A folder that cannot be read holds nothing for us; the refusal names it.
    return []
  }
}
