import { type Import, importsOf, targetOf } from './imports.ts'
import { isCode, isCompositionRoot, isProduct, type Source } from './source.ts'

/** Inside archive each layer uses those above it in this list and its own, never those below. */
const archiveLayers = [
  ['core'],
  ['domain', 'hls', 'captions'],
  ['catalog', 'jobs', 'storage', 'search', 'transcripts'],
  ['operations', 'retention', 'worker'],
  ['cli', 'main.ts'],
] as const

/**
 * What breaks the layering: archive imports no sibling; ingest, transcode and site import archive alone, as
 * `#archive/…`; nothing in the product imports tests. Types count: a type is knowledge too.
 */
export function layeringViolations(sources: readonly Source[]): readonly string[] {
  return sources
    .filter(({ path }) => isProduct(path) && isCode(path))
    .flatMap((source) => [...unplaced(source.path), ...importsOf(source).flatMap((seen) => judge(source.path, seen))])
}

function judge(path: string, seen: Import): string[] {
  const { place, specifier, form } = seen
  // A root may import anything of the product; that of the site loads what the build has written.
  if (specifier === null)
    return form === 'url' || isCompositionRoot(path) ? [] : [`${place} imports an address that is computed`]
  const target = targetOf(path, specifier)
  if (target === null) return []
  // A process is started by its entry file's address; nothing of it is loaded here.
  if (form === 'url' && isCompositionRoot(target)) return []
  const from = topFolder(path)
  const to = topFolder(target)
  if (from === to) return from === 'archive' ? judgeLayer(path, target, place) : []
  const rule = crossing(from, to, specifier, isCompositionRoot(path))
  return rule === null ? [] : [`${place} imports ${target}: ${rule}`]
}

function crossing(from: string, to: string, specifier: string, isRoot: boolean): string | null {
  if (!isProduct(`${to}/`)) return 'the product imports its own folders and packages only'
  if (isRoot) return null
  if (from === 'archive') return 'archive imports no sibling'
  if (to !== 'archive') return `${from} and ${to} do not know each other`
  return specifier.startsWith('#') ? null : 'from another folder archive is imported as #archive/…'
}

function judgeLayer(path: string, target: string, place: string): string[] {
  if (isCompositionRoot(path)) return []
  const from = layerOf(path)
  const to = layerOf(target)
  if (from === -1 || to === -1 || to <= from) return []
  return [`${place} imports ${target}: ${innerFolder(path)} stands below ${innerFolder(target)}`]
}

/** A folder of archive that no layer names could import anything. */
function unplaced(path: string): string[] {
  return topFolder(path) === 'archive' && layerOf(path) === -1 ? [`${path} belongs to no layer of archive`] : []
}

function layerOf(path: string): number {
  return archiveLayers.findIndex((layer) => (layer as readonly string[]).includes(innerFolder(path)))
}

function topFolder(path: string): string {
  return path.split('/')[0] ?? ''
}

function innerFolder(path: string): string {
  return path.split('/')[1] ?? ''
}
