import ts from 'typescript'
import { type Import, importsOf } from './imports.ts'
import { isCode, isProduct, parse, placeOf, type Source, walk } from './source.ts'

const environmentReader = 'archive/core/config.ts'
const mayRunPrograms = /^transcode\/ffmpeg\//
const mayForkNode = /^archive\/cli\/supervisor[a-z-]*\.ts$|^archive\/transcripts\//
/** The demo looks at its own pages in a browser; it touches no foreign media. */
const mayDriveBrowser = 'archive/cli/demo/browser-check.ts'
/** Packages that run programs on our behalf. */
const spawningPackages = ['fluent-ffmpeg', 'execa', 'cross-spawn', 'playwright-core']
/** What Astro itself defines when it builds; settings do not come this way. */
const builtBySite = ['DEV', 'PROD', 'SSR', 'MODE', 'BASE_URL', 'SITE']

function productCode(sources: readonly Source[]): readonly Source[] {
  return sources.filter(({ path }) => isProduct(path) && isCode(path))
}

/** Every place besides `archive/core/config.ts` that reads the environment. */
export function environmentViolations(sources: readonly Source[]): readonly string[] {
  const constants = [...builtBySite, ...definedConstants(sources)]
  return productCode(sources)
    .filter(({ path }) => path !== environmentReader)
    .flatMap((source) => {
      const found: string[] = []
      walk(parse(source), (node) => {
        if (readsEnvironment(node, constants)) found.push(`${placeOf(source, node)} reads the environment`)
      })
      return found
    })
}

/** What the site's build replaces by a value of its own: constants that merely look like the environment. */
function definedConstants(sources: readonly Source[]): string[] {
  const text = sources.find(({ path }) => path === 'site/astro.config.ts')?.text ?? ''
  return [...text.matchAll(/['"]import\.meta\.env\.(\w+)['"]\s*:/g)].map((match) => match[1] ?? '')
}

function readsEnvironment(node: ts.Node, constants: readonly string[]): boolean {
  if (ts.isPropertyAccessExpression(node) && node.name.text === 'env') {
    const owner = node.expression.getText()
    if (owner !== 'import.meta') return isProcess(owner)
    return !(ts.isPropertyAccessExpression(node.parent) && constants.includes(node.parent.name.text))
  }
  if (ts.isElementAccessExpression(node)) {
    return isProcess(node.expression.getText()) && /^['"`]env['"`]$/.test(node.argumentExpression.getText())
  }
  if (ts.isVariableDeclaration(node) && ts.isObjectBindingPattern(node.name)) {
    const names = node.name.elements.map((element) => (element.propertyName ?? element.name).getText())
    return isProcess(node.initializer?.getText() ?? '') && names.includes('env')
  }
  if (ts.isImportDeclaration(node) && /^['"](node:)?process['"]$/.test(node.moduleSpecifier.getText())) {
    const bindings = node.importClause?.namedBindings
    return (
      bindings !== undefined &&
      ts.isNamedImports(bindings) &&
      bindings.elements.some((element) => (element.propertyName ?? element.name).text === 'env')
    )
  }
  return false
}

function isProcess(text: string): boolean {
  return /^(globalThis\.|global\.)?process$/.test(text)
}

/** Every place that starts a program, or could, outside `transcode/ffmpeg`; `fork` of our own code apart. */
export function spawnViolations(sources: readonly Source[]): readonly string[] {
  return productCode(sources)
    .filter(({ path }) => !mayRunPrograms.test(path))
    .flatMap((source) =>
      importsOf(source)
        .filter((seen) => !seen.typeOnly && startsPrograms(seen))
        .filter((seen) => !(source.path === mayDriveBrowser && seen.specifier === 'playwright-core'))
        .filter((seen) => !(mayForkNode.test(source.path) && seen.names.every((name) => name === 'fork')))
        .map(({ place, specifier, names }) => `${place} takes ${names.join(', ')} from ${specifier}`),
    )
}

function startsPrograms({ specifier }: Import): boolean {
  if (specifier === null) return false
  return /^(node:)?(child_process|cluster)$/.test(specifier) || spawningPackages.includes(specifier)
}

/**
 * Every place besides the agreed ones that opens the catalogue: node:sqlite is synchronous, so live and edge do it in a
 * thread alone; the site has one module for it.
 */
export function catalogueViolations(sources: readonly Source[]): readonly string[] {
  const openers = productCode(sources).flatMap((source) =>
    importsOf(source)
      .filter(({ specifier, names, typeOnly }) => {
        const takesIt = names.includes('openCatalog') || names.includes('*')
        return !typeOnly && takesIt && specifier?.includes('archive/catalog/') === true
      })
      .map(({ place }) => ({ path: source.path, place })),
  )
  const onMainThread = openers.filter(({ path }) => /^(ingest|site\/edge)\//.test(path) && !path.endsWith('-thread.ts'))
  const inSite = openers.filter(({ path }) => /^site\/(?!edge\/)/.test(path))
  return [
    ...onMainThread.map(({ place }) => `${place} opens the catalogue outside a thread of its own`),
    ...inSite
      .slice(1)
      .map(({ place }) => `${place} opens the catalogue; ${inSite[0]?.path} does it for the whole site`),
  ]
}

const mayLocateItself = /^archive\/(main\.ts$|cli\/|transcripts\/)/

/**
 * Every place in archive that looks for files next to its own module: Astro bundles this code, and its modules then lie
 * elsewhere. The processes' own files are never bundled.
 */
export function locationViolations(sources: readonly Source[]): readonly string[] {
  return productCode(sources)
    .filter(({ path }) => path.startsWith('archive/') && !mayLocateItself.test(path))
    .flatMap((source) => {
      const found: string[] = []
      walk(parse(source), (node) => {
        const text = ts.isPropertyAccessExpression(node) || ts.isIdentifier(node) ? node.getText() : ''
        if (/^(import\.meta\.(url|dirname|filename|resolve)|__dirname|__filename)$/.test(text)) {
          found.push(`${placeOf(source, node)} looks for files next to itself`)
        }
      })
      return found
    })
}
