import type { ParseArgsOptionsConfig } from 'node:util'
import { parseArgs } from 'node:util'
import { AppError, type Outcome, type Refusal } from '../core/errors.ts'

/** What a command gives back: one JSON value for scripts, lines for people. */
export interface Answer {
  readonly json: unknown
  readonly text: string
  /** 0 unless the command found something wrong that is not an error of its own (`doctor`). */
  readonly exitCode?: number
}

export interface Option {
  readonly type: 'string' | 'boolean'
  /** What `--help` says; begins with the value's name in capitals where it takes one. */
  readonly help: string
  readonly required?: boolean
}

export interface Given {
  readonly positionals: readonly string[]
  readonly values: Readonly<Record<string, string | boolean | undefined>>
}

/** One command of the operator's. `path` is its words, `positionals` the names of what follows them. */
export interface CliCommand<Context> {
  readonly path: readonly string[]
  readonly summary: string
  readonly positionals?: readonly string[]
  readonly options?: Readonly<Record<string, Option>>
  readonly run: (context: Context, given: Given) => Promise<Answer | Refusal>
}

export type Invocation<Context> =
  | { readonly kind: 'run'; readonly command: CliCommand<Context>; readonly given: Given; readonly json: boolean }
  | { readonly kind: 'help'; readonly text: string }

/**
 * Finds the command that the words name and reads its options.
 * @throws AppError USAGE when there is none, or an option is unknown, missing or without its value.
 */
export function readInvocation<C>(commands: readonly CliCommand<C>[], words: readonly string[]): Invocation<C> {
  const plain = words.filter((word) => !word.startsWith('-'))
  const wantsHelp = words.includes('--help') || words.includes('-h') || words.length === 0 || plain[0] === 'help'
  const named = plain[0] === 'help' ? plain.slice(1) : plain
  const command = commands
    .filter(({ path }) => path.every((word, index) => named[index] === word))
    .sort((a, b) => b.path.length - a.path.length)[0]
  if (wantsHelp) return { kind: 'help', text: command ? helpFor(command) : helpForAll(commands, named) }
  if (!command)
    throw new AppError('USAGE', {
      message: `There is no command "${named.join(' ')}".`,
      hint: 'hemicycle --help lists the commands.',
    })
  return { kind: 'run', command, ...readGiven(command, words) }
}

function readGiven<C>(command: CliCommand<C>, words: readonly string[]): { given: Given; json: boolean } {
  const options: ParseArgsOptionsConfig = { json: { type: 'boolean' } }
  for (const [name, option] of Object.entries(command.options ?? {})) options[name] = { type: option.type }
  try {
    const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: true, strict: true })
    const rest = positionals.slice(command.path.length)
    const wanted = command.positionals ?? []
    const missing = wanted.slice(rest.length)
    if (missing.length > 0) throw new Error(`${missing.join(' ')} is missing`)
    if (rest.length > wanted.length) throw new Error(`"${rest[wanted.length]}" is one word too many`)
    const absent = Object.entries(command.options ?? {}).find(
      ([name, option]) => option.required && values[name] === undefined,
    )
    if (absent) throw new Error(`--${absent[0]} is missing`)
    return { given: { positionals: rest, values: values as Given['values'] }, json: values.json === true }
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause)
    throw new AppError('USAGE', { message: `${problem}.`.replace(/\.\.$/, '.'), hint: usageLine(command), cause })
  }
}

function usageLine<C>(command: CliCommand<C>): string {
  const options = Object.entries(command.options ?? {}).map(([name, option]) => {
    const value = option.type === 'string' ? ` ${option.help.split(' ')[0]}` : ''
    return option.required ? `--${name}${value}` : `[--${name}${value}]`
  })
  return ['usage: hemicycle', ...command.path, ...(command.positionals ?? []), ...options, '[--json]'].join(' ')
}

function helpFor<C>(command: CliCommand<C>): string {
  const rows = Object.entries(command.options ?? {}).map(([name, option]) => [`--${name}`, option.help] as const)
  return [command.summary, '', usageLine(command), '', ...table([...rows, ['--json', 'prints one JSON value']])].join(
    '\n',
  )
}

function helpForAll<C>(commands: readonly CliCommand<C>[], named: readonly string[]): string {
  const group = commands.filter(({ path }) => named.length > 0 && path[0] === named[0])
  const listed = group.length > 0 ? group : commands
  const rows = listed.map(
    (command) => [[...command.path, ...(command.positionals ?? [])].join(' '), command.summary] as const,
  )
  const exits = 'Exit codes: 0 done, 1 refused or failed, 2 not understood, 3 no such thing.'
  return ['usage: hemicycle COMMAND … [--help] [--json]', '', ...table(rows), '', exits].join('\n')
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)
}

/** An outcome as an answer: the value as JSON, and as the lines that `text` makes of it. */
export function answer<T>(outcome: Outcome<T>, text: (value: T) => string): Answer | Refusal {
  return outcome.ok ? { json: outcome.value, text: text(outcome.value) } : outcome
}

export function exitCodeOf(code: string): number {
  if (code === 'USAGE') return 2
  return code.endsWith('NOT_FOUND') ? 3 : 1
}
