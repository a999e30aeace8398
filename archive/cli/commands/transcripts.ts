import { readCaptions } from '../../captions/caption-file.ts'
import { answer, type CliCommand } from '../command.ts'
import type { CliContext } from '../context.ts'
import { positional, readText, text } from './options.ts'

const transcriptImport: CliCommand<CliContext> = {
  path: ['transcript', 'import'],
  summary: 'Imports captions (WebVTT or SRT) as the transcript of a meeting.',
  positionals: ['SLUG', 'FILE'],
  options: { language: { type: 'string', help: "LANGUAGE of the captions, for instance nl; the town's when absent" } },
  run: async ({ config, operations }, given) => {
    const captions = readCaptions(readText(positional(given, 1)))
    if (!captions.ok) return captions
    const language = text(given, 'language') ?? config.language
    const transcript = { language, origin: 'imported' as const, cues: captions.value }
    return answer(
      await (await operations()).importTranscript(positional(given), transcript),
      ({ cues }) => `imported ${cues} cues`,
    )
  },
}

const transcriptShow: CliCommand<CliContext> = {
  path: ['transcript', 'show'],
  summary: 'Prints the transcript of a meeting.',
  positionals: ['SLUG'],
  options: { language: { type: 'string', help: 'LANGUAGE where there are several' } },
  run: async ({ operations }, given) => {
    const language = text(given, 'language')
    const outcome = await (await operations()).showTranscript(positional(given), {
      audience: 'operator',
      ...(language && { language }),
    })
    return answer(outcome, ({ cues }) => cues.map((cue) => `${cue.startSeconds.toFixed(1)}\t${cue.text}`).join('\n'))
  },
}

const search: CliCommand<CliContext> = {
  path: ['search'],
  summary: 'Searches agenda items, meetings and transcripts.',
  positionals: ['WORDS'],
  run: async ({ operations }, given) => {
    const found = await (await operations()).search(positional(given))
    return { json: found, text: found.results.map((result) => `${result.url}\t${result.text}`).join('\n') }
  },
}

export const transcriptCommands = [transcriptImport, transcriptShow, search]
