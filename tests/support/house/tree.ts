import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LicensedPackage } from './licences.ts'
import type { Source } from './source.ts'

export const projectRoot = join(import.meta.dirname, '../../..')

const generated = /(^|\/)(node_modules|dist|\.astro|\.out|\.hemicycle)(\/|$)/
const textual = /\.(ts|tsx|js|mjs|astro|md|css|svg|json|vtt|srt|csv|txt|html)$/

/** The project's own files as they lie on disk, committed or not. Files that are not text have an empty text. */
export function readTree(): readonly Source[] {
  return globSync('{archive,ingest,transcode,site,tests,.ci,.github}/**/*', {
    cwd: projectRoot,
    withFileTypes: true,
    exclude: (entry) => generated.test(entry.name),
  })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({
      path: file.slice(projectRoot.length + 1),
      text: textual.test(file) ? readFileSync(file, 'utf8') : '',
    }))
}

/** Every package of the lockfile; the licence is that of the installed package, else what the lockfile noted of it. */
export function readPackages(): readonly LicensedPackage[] {
  const lockfile = JSON.parse(readFileSync(join(projectRoot, 'package-lock.json'), 'utf8'))
  return (
    Object.entries<{ license?: string; optional?: boolean }>(lockfile.packages)
      .filter(([path]) => path !== '')
      .map(([path, entry]) => ({ path, entry, manifest: join(projectRoot, path, 'package.json') }))
      // Binaries of other platforms that the registry did not describe are under the licence of the package they serve.
      .filter(
        ({ entry, manifest }) => existsSync(manifest) || !(entry.optional === true && entry.license === undefined),
      )
      .map(({ path, entry, manifest }) => ({
        name: path.replace(/^.*node_modules\//, ''),
        licence: (existsSync(manifest) ? statedLicence(manifest) : null) ?? entry.license ?? null,
      }))
  )
}

/** Older packages state `{type}` or a list of those. */
function statedLicence(manifest: string): string | null {
  const { license, licenses } = JSON.parse(readFileSync(manifest, 'utf8'))
  if (typeof license === 'string') return license
  const listed = (license === undefined ? licenses : [license]) as readonly { type?: string }[] | undefined
  return listed?.map(({ type }) => type ?? '').join(' OR ') ?? null
}
