import { readFileSync } from 'node:fs'
import { AppError } from '../../core/errors.ts'
import type { Given } from '../command.ts'

/** The value of a string option, or undefined. */
export function text(given: Given, name: string): string | undefined {
  const value = given.values[name]
  return typeof value === 'string' ? value : undefined
}

/** The value of a required option; the reader of the command line has made sure that it is there. */
export function required(given: Given, name: string): string {
  return text(given, name) ?? ''
}

export function flag(given: Given, name: string): boolean {
  return given.values[name] === true
}

/** @throws AppError USAGE when the option is there and is not a number within the bounds. */
export function number(given: Given, name: string, bounds: { min: number; max: number }): number | undefined {
  const value = text(given, name)
  if (value === undefined) return undefined
  const parsed = Number(value)
  if (value.trim() === '' || !(parsed >= bounds.min && parsed <= bounds.max)) {
    throw new AppError('USAGE', {
      message: `--${name} takes a number from ${bounds.min} to ${bounds.max}, not "${value}".`,
    })
  }
  return parsed
}

/** The option's value where it is one of `choices`. @throws AppError USAGE otherwise. */
export function oneOf<T extends string>(given: Given, name: string, choices: readonly T[]): T | undefined {
  const value = text(given, name)
  if (value === undefined) return undefined
  const chosen = choices.find((choice) => choice === value)
  if (!chosen) throw new AppError('USAGE', { message: `--${name} is one of ${choices.join(', ')}, not "${value}".` })
  return chosen
}

/** The first word after the command, for instance a slug. */
export function positional(given: Given, index = 0): string {
  return given.positionals[index] ?? ''
}

/** @throws AppError FILE_UNREADABLE. */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new AppError('FILE_UNREADABLE', { message: `The file ${path} cannot be read.`, cause })
  }
}
