import ts from 'typescript'
import { importsOf } from './imports.ts'
import { isCode, parse, placeOf, type Source, walk } from './source.ts'

const pureFolders = ['archive/domain/', 'archive/hls/', 'archive/captions/']
const pureModules = ['node:buffer', 'node:util', 'node:assert', 'node:path/posix']
const impureCalls = [
  'Date.now',
  'performance.now',
  'Math.random',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'fetch',
  'crypto.randomUUID',
  'crypto.getRandomValues',
]

/** What makes a pure layer answer differently tomorrow: the system's clock, chance, files, the network. */
export function purityViolations(sources: readonly Source[]): readonly string[] {
  return sources
    .filter(({ path }) => isCode(path) && pureFolders.some((folder) => path.startsWith(folder)))
    .flatMap((source) => [...impureImports(source), ...impureExpressions(source)])
}

function impureImports(source: Source): string[] {
  return importsOf(source)
    .filter(({ specifier, typeOnly }) => !typeOnly && specifier?.startsWith('node:') === true)
    .filter(({ specifier }) => specifier !== null && !pureModules.includes(specifier))
    .map(({ place, specifier }) => `${place} imports ${specifier} in a pure layer`)
}

function impureExpressions(source: Source): string[] {
  const found: string[] = []
  walk(parse(source), (node) => {
    if (ts.isCallExpression(node) && impureCalls.includes(node.expression.getText().replace(/^globalThis\./, ''))) {
      found.push(`${placeOf(source, node)} calls ${node.expression.getText()} in a pure layer`)
    }
    if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && (node.arguments?.length ?? 0) === 0) {
      found.push(`${placeOf(source, node)} reads the system's clock in a pure layer`)
    }
  })
  return found
}
