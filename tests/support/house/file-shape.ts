import { isCode, type Source } from './source.ts'

const mostLines = 500
const drawers = ['util', 'utils', 'helper', 'helpers', 'manager', 'service', 'common', 'misc', 'types']
const media = /\.(mp4|m4s|m4v|m4a|mov|mkv|webm|flv|avi|mpg|mpeg|mp3|aac|wav|ogg|opus|flac|onnx)$/i
/** Kebab-case, dots between the parts of a name, square brackets for the parameters of a page's address. */
const name = /^(\.?[a-z0-9]+(-[a-z0-9]+)*|\[(\.\.\.)?[a-z0-9]+(-[a-z0-9]+)*\])(\.[a-z0-9]+(-[a-z0-9]+)*)*$/
const promises = /\b(TO-?DO|FIX-?ME|X{3})\b/

/** Files that are too long, badly named, media, or that put something off. */
export function fileShapeViolations(sources: readonly Source[]): readonly string[] {
  return sources.flatMap(({ path, text }) => {
    if (media.test(path)) return [`${path} is media: tests generate what they need`]
    if (!isCode(path)) return []
    return [...nameViolations(path), ...lengthViolations(path, text), ...promiseViolations(path, text)]
  })
}

function nameViolations(path: string): string[] {
  const parts = path.split('/')
  const bad = parts.filter((part) => !name.test(part)).map((part) => `${path}: ${part} is not kebab-case`)
  const drawer = parts.filter((part) => drawers.includes(part.split('.')[0] ?? ''))
  return [...bad, ...drawer.map((part) => `${path}: ${part} is a drawer; name the thing it holds`)]
}

export function lineCount(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
}

function lengthViolations(path: string, text: string): string[] {
  const lines = lineCount(text)
  return lines > mostLines ? [`${path} has ${lines} lines, over ${mostLines}`] : []
}

function promiseViolations(path: string, text: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    const found = promises.exec(line)
    return found === null ? [] : [`${path}:${index + 1} says ${found[1]}`]
  })
}

/** The number of lines that nine tenths of the code files stay within. */
export function ninthDecile(sources: readonly Source[]): number {
  const lengths = sources.filter(({ path }) => isCode(path)).map(({ text }) => lineCount(text))
  return lengths.sort((a, b) => a - b)[Math.floor(lengths.length * 0.9)] ?? 0
}
