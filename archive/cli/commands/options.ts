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

/**
 * The text of a clerk's file in UTF-8, UTF-16 with its mark, or else Windows-1252, in which spreadsheets and older
 * caption tools of the region write.
 * @throws AppError FILE_UNREADABLE, also for a file that is not text.
 */
export function readText(path: string): string {
  const text = decoded(bytesOf(path))
  // Word processors' files and PDFs are full of them; no text has one.
  if (text.includes('\0')) throw new AppError('FILE_UNREADABLE', { message: `The file ${path} is not plain text.` })
  return text
}

function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new AppError('FILE_UNREADABLE', { message: `The file ${path} cannot be read.`, cause })
  }
}

function decoded(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}
