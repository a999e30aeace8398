import { describe, expect, it } from 'vitest'
import { type CliCommand, exitCodeOf, readInvocation } from '../../../archive/cli/command.ts'

const answered = async () => ({ json: null, text: '' })
const commands: readonly CliCommand<null>[] = [
  {
    path: ['meeting', 'add'],
    summary: 'Plans a meeting.',
    options: { body: { type: 'string', help: 'BODY slug', required: true } },
    run: answered,
  },
  {
    path: ['meeting', 'item'],
    summary: 'An item begins.',
    positionals: ['SLUG', 'NUMBER'],
    options: { ago: { type: 'string', help: 'SECONDS' } },
    run: answered,
  },
  {
    path: ['doctor'],
    summary: 'Looks around.',
    options: { deep: { type: 'boolean', help: 'looks longer' } },
    run: answered,
  },
]

function refusal(...words: string[]): string {
  try {
    readInvocation(commands, words)
  } catch (error) {
    return `${(error as { code: string }).code} ${(error as Error).message} ${(error as { hint: string }).hint}`
  }
  throw new Error('it was understood')
}

describe('a command line', () => {
  it('names a command, its positionals and its options', () => {
    expect(readInvocation(commands, ['meeting', 'item', 'raad', '3.1', '--ago', '20', '--json'])).toMatchObject({
      kind: 'run',
      json: true,
      given: { positionals: ['raad', '3.1'], values: { ago: '20' } },
    })
  })

  it('gives every command its help, and the list of all where none is named', () => {
    const one = readInvocation(commands, ['meeting', 'add', '--help'])
    expect(one.kind === 'help' && one.text).toContain('usage: hemicycle meeting add --body BODY [--json]')
    const all = readInvocation(commands, [])
    expect(all.kind === 'help' && all.text).toContain('meeting item SLUG NUMBER')
  })

  it.each([
    [['meeting', 'dance'], 'USAGE There is no command "meeting dance"'],
    [['meeting', 'add'], 'USAGE --body is missing'],
    [['meeting', 'item', 'raad'], 'USAGE NUMBER is missing'],
    [['meeting', 'item', 'raad', '1', 'zaal'], 'USAGE "zaal" is one word too many'],
    [['doctor', '--depth'], "USAGE Unknown option '--depth'"],
    [['meeting', 'item', 'raad', '1', '--ago'], "USAGE Option '--ago <value>' argument missing"],
  ])('is refused with what is wrong: %j', (words, problem) => {
    expect(refusal(...words)).toContain(problem)
  })

  it('ends with a code that scripts can use', () => {
    expect(['USAGE', 'MEETING_NOT_FOUND', 'NOT_FOUND', 'ROOM_BUSY'].map(exitCodeOf)).toEqual([2, 3, 3, 1])
  })
})
