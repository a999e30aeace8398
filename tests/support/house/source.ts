import ts from 'typescript'

/** A file of the tree: its path from the project's root, with forward slashes, and its text. */
export interface Source {
  readonly path: string
  readonly text: string
}

/** The folders that make up the product; `tests` and `.ci` look at it from outside. */
export const productFolders = ['archive', 'ingest', 'transcode', 'site'] as const

/** The files that put the parts together: only they may import from a sibling of their top-level folder. */
export const compositionRoots = [
  'archive/main.ts',
  'archive/cli/main.ts',
  'ingest/main.ts',
  'site/main.ts',
  'site/edge/main.ts',
] as const

export function isCompositionRoot(path: string): boolean {
  return (compositionRoots as readonly string[]).includes(path)
}

export function isProduct(path: string): boolean {
  return productFolders.some((folder) => path.startsWith(`${folder}/`))
}

export function isCode(path: string): boolean {
  return /\.(ts|tsx|js|mjs|astro)$/.test(path)
}

/** The syntax of a file; of an Astro page, that of its frontmatter and of its scripts. */
export function parse({ path, text }: Source): ts.SourceFile {
  const code = path.endsWith('.astro') ? scriptsOf(text) : text
  const kind = /\.(tsx|astro)$/.test(path) ? ts.ScriptKind.TSX : ts.ScriptKind.TS
  return ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true, kind)
}

/** Everything else is blanked rather than dropped, so that line numbers stay those of the page. */
function scriptsOf(page: string): string {
  const kept = [/^\s*---\n[\s\S]*?\n---/, /<script\b[^>]*>[\s\S]*?<\/script>/g].flatMap((pattern) =>
    [...page.matchAll(new RegExp(pattern, 'g'))].map((match) => ({ from: match.index, text: match[0] })),
  )
  const blank = (text: string) => text.replace(/[^\n]/g, ' ')
  let code = blank(page)
  for (const { from, text } of kept) {
    const body = text.replace(/---|<\/?script\b[^>]*>/g, blank)
    code = code.slice(0, from) + body + code.slice(from + text.length)
  }
  return code
}

/** Calls `visit` for every node below `root`, parents first. */
export function walk(root: ts.Node, visit: (node: ts.Node) => void): void {
  const step = (node: ts.Node) => {
    visit(node)
    ts.forEachChild(node, step)
  }
  ts.forEachChild(root, step)
}

/** `path:line`, as editors and terminals understand it. */
export function placeOf(source: Source, node: ts.Node): string {
  const { line } = node.getSourceFile().getLineAndCharacterOfPosition(node.getStart())
  return `${source.path}:${line + 1}`
}
