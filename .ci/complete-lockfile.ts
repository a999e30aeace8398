import { readFileSync, writeFileSync } from 'node:fs'

/** An entry of `packages` in package-lock.json, version 3; only what is read or written here. */
interface LockedPackage {
  readonly version?: string
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly resolved?: string
}

export interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>
}

export interface Completion {
  readonly lockfile: Lockfile
  /** Paths of the entries that were missing. */
  readonly added: readonly string[]
}

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32']
const processors = ['arm', 'arm64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64']

/**
 * Adds an entry for every optional dependency that no entry satisfies. A registry mirror may lack the binaries of other
 * platforms; npm then leaves them out when it writes the lockfile, and `npm ci` refuses the lockfile it wrote.
 * `resolved` is dropped everywhere: the addresses of one registry are of no use behind another.
 */
export function completeLockfile(lockfile: Lockfile): Completion {
  const packages: Record<string, LockedPackage> = {}
  for (const [path, { resolved: _, ...entry }] of Object.entries(lockfile.packages)) packages[path] = entry
  const added: string[] = []
  for (const [path, entry] of Object.entries(lockfile.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (isResolvable(packages, path, name)) continue
      // A range has no one version to write down; a platform's binary is always pinned by the package it belongs to.
      if (!/^\d+\.\d+\.\d+/.test(version))
        throw new Error(`${path} wants ${name}@${version}, which is no exact version`)
      packages[`node_modules/${name}`] = { version, ...platformOf(name), optional: true } as LockedPackage
      added.push(`node_modules/${name}`)
    }
  }
  const sorted = Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en'))
  return { lockfile: { ...lockfile, packages: Object.fromEntries(sorted) }, added }
}

/** Node's resolution: the package's own node_modules, then each one above it. */
function isResolvable(packages: Readonly<Record<string, unknown>>, from: string, name: string): boolean {
  for (let folder = from; ; ) {
    if (`${folder === '' ? '' : `${folder}/`}node_modules/${name}` in packages) return true
    if (folder === '') return false
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))
  }
}

/** What npm compares with the machine, read off the package's name: such packages are named after their platform. */
function platformOf(name: string): Record<string, readonly string[]> {
  const words = name.replace(/^.*\//, '').split('-')
  const pick = (known: readonly string[]) => words.filter((word) => known.includes(word))
  const facts = {
    os: pick(systems),
    cpu: pick(processors),
    libc: words.includes('musl') ? ['musl'] : words.includes('gnu') ? ['glibc'] : [],
  }
  if (facts.os.length + facts.cpu.length === 0) throw new Error(`${name} names no platform`)
  return Object.fromEntries(Object.entries(facts).filter(([, values]) => values.length > 0))
}

if (import.meta.main) {
  const file = `${import.meta.dirname}/../package-lock.json`
  const { lockfile, added } = completeLockfile(JSON.parse(readFileSync(file, 'utf8')))
  writeFileSync(file, `${JSON.stringify(lockfile, null, 2)}\n`)
  console.log(`${added.length} entries added${added.length === 0 ? '' : `: ${added.join(' ')}`}`)
}
