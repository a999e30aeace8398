import { posix } from 'node:path'
import ts from 'typescript'
import { parse, placeOf, type Source, walk } from './source.ts'

/** One reference from a file to another module, in whatever form it is written. */
export interface Import {
  readonly place: string
  /** Null when it is computed and cannot be read off the source. */
  readonly specifier: string | null
  /** The names taken over; `*` for the whole module, `default` for its default export. */
  readonly names: readonly string[]
  readonly typeOnly: boolean
  /** `url` is `new URL('…', import.meta.url)`, which starts threads and processes rather than loading code here. */
  readonly form: 'import' | 'url'
}

export function importsOf(source: Source): readonly Import[] {
  const found: Import[] = []
  walk(parse(source), (node) => {
    const seen = referenceIn(node)
    if (seen !== null) found.push({ place: placeOf(source, node), ...seen })
  })
  return found
}

type Reference = Omit<Import, 'place'>

function referenceIn(node: ts.Node): Reference | null {
  if (ts.isImportDeclaration(node)) return declared(node)
  if (ts.isExportDeclaration(node)) return node.moduleSpecifier === undefined ? null : reExported(node)
  if (ts.isImportTypeNode(node)) {
    const specifier = ts.isLiteralTypeNode(node.argument) ? textOf(node.argument.literal) : null
    return { specifier, names: ['*'], typeOnly: true, form: 'import' }
  }
  if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
    return { specifier: textOf(node.moduleReference.expression), names: ['*'], typeOnly: false, form: 'import' }
  }
  if (ts.isCallExpression(node) && loadsModule(node.expression)) {
    return { specifier: textOf(node.arguments[0]), names: ['*'], typeOnly: false, form: 'import' }
  }
  if (ts.isNewExpression(node) && node.expression.getText() === 'URL' && isOwnAddress(node.arguments?.[1])) {
    return { specifier: textOf(node.arguments?.[0]), names: ['*'], typeOnly: false, form: 'url' }
  }
  return null
}

function declared(node: ts.ImportDeclaration): Reference {
  const clause = node.importClause
  const bindings = clause?.namedBindings
  const elements = bindings !== undefined && ts.isNamedImports(bindings) ? bindings.elements : []
  const names = [
    ...(clause?.name === undefined ? [] : ['default']),
    ...(bindings !== undefined && ts.isNamespaceImport(bindings) ? ['*'] : []),
    ...elements.filter((element) => !element.isTypeOnly).map((element) => (element.propertyName ?? element.name).text),
  ]
  // `import 'x'` runs the module; `import { type X } from 'x'` takes over nothing that exists when the program runs.
  const typeOnly = clause !== undefined && (clause.phaseModifier === ts.SyntaxKind.TypeKeyword || names.length === 0)
  return { specifier: textOf(node.moduleSpecifier), names: typeOnly ? [] : names, typeOnly, form: 'import' }
}

function reExported(node: ts.ExportDeclaration): Reference {
  const elements =
    node.exportClause !== undefined && ts.isNamedExports(node.exportClause) ? node.exportClause.elements : null
  const names = elements?.map((element) => (element.propertyName ?? element.name).text) ?? ['*']
  return { specifier: textOf(node.moduleSpecifier), names, typeOnly: node.isTypeOnly, form: 'import' }
}

function loadsModule(callee: ts.Expression): boolean {
  if (callee.kind === ts.SyntaxKind.ImportKeyword) return true
  return ['require', 'require.resolve', 'import.meta.resolve', 'process.getBuiltinModule'].includes(callee.getText())
}

function isOwnAddress(node: ts.Node | undefined): boolean {
  return node !== undefined && /^import\.meta\.(url|filename|dirname)$/.test(node.getText())
}

function textOf(node: ts.Node | undefined): string | null {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : null
}

/** The path in the tree that a specifier means, null for Node's modules and packages. */
export function targetOf(from: string, specifier: string): string | null {
  if (specifier.startsWith('#')) return posix.normalize(specifier.slice(1))
  if (specifier.startsWith('/')) return posix.normalize(specifier.slice(1))
  if (!specifier.startsWith('.')) return null
  return posix.normalize(posix.join(posix.dirname(from), specifier))
}
