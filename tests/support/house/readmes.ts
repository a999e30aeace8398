import { posix } from 'node:path'
import { lineCount } from './file-shape.ts'
import { isCode, type Source } from './source.ts'

const mostLines = 80

/** Folders of code that no README explains, and READMEs over a page. What lies deeper belongs to the folder above. */
export function readmeViolations(sources: readonly Source[]): readonly string[] {
  const present = new Set(sources.map(({ path }) => path))
  const folders = new Set(
    sources.filter(({ path }) => isCode(path) && path.includes('/')).map(({ path }) => explained(path)),
  )
  const missing = [...folders].filter((folder) => !present.has(`${folder}/README.md`))
  const long = sources.filter(({ path, text }) => /^[a-z].*\/README\.md$/.test(path) && lineCount(text) > mostLines)
  return [
    ...missing.sort().map((folder) => `${folder} has no README.md`),
    ...long.map(({ path, text }) => `${path} has ${lineCount(text)} lines, over ${mostLines}`),
  ]
}

/** The folder whose README answers for a file: two levels deep, but one for tests and for the site's pages and set-up. */
function explained(path: string): string {
  const [top = '', second = ''] = posix.dirname(path).split('/')
  const isWhole = top === 'tests' || top === '.ci' || (top === 'site' && second !== 'edge')
  return isWhole || second === '' ? top : `${top}/${second}`
}
