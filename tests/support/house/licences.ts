/** A package of the lockfile with the licence it states, an SPDX expression; null when it states none. */
export interface LicensedPackage {
  readonly name: string
  readonly licence: string | null
}

/**
 * Licences under which code may be combined with a work under EUPL-1.2: permissive ones, and the weaker copyleft ones
 * of the EUPL's appendix, whose packages we use unmodified and as separate files.
 */
const compatible = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'EUPL-1.2',
  'ISC',
  'LGPL-2.1-or-later',
  'LGPL-3.0-or-later',
  'MIT',
  'MPL-2.0',
  'Python-2.0',
  'Unlicense',
])

/** Packages that state no licence where npm looks for it, and the reason each is accepted. */
export type LicenceExceptions = Readonly<Record<string, string>>

export function licenceViolations(
  packages: readonly LicensedPackage[],
  exceptions: LicenceExceptions = {},
): readonly string[] {
  const names = new Set(packages.map(({ name }) => name))
  const refused = packages.filter(({ name, licence }) => !(name in exceptions) && !isCompatible(licence ?? ''))
  const idle = Object.keys(exceptions).filter((name) => !names.has(name))
  return [
    ...refused.map(({ name, licence }) => `${name} is under ${licence ?? 'no stated licence'}`),
    ...idle.map((name) => `${name} is an exception for a package that is not used`),
  ]
}

/** SPDX 2.3, annex D: OR offers a choice, AND asks for both; AND binds closer. `WITH` exceptions are not accepted. */
function isCompatible(expression: string): boolean {
  const tokens = expression.match(/[()]|[^\s()]+/g) ?? []
  let at = 0
  const either = (): boolean => {
    let accepted = both()
    while (tokens[at] === 'OR') {
      at++
      accepted = both() || accepted
    }
    return accepted
  }
  const both = (): boolean => {
    let accepted = one()
    while (tokens[at] === 'AND') {
      at++
      accepted = one() && accepted
    }
    return accepted
  }
  const one = (): boolean => {
    const token = tokens[at++]
    if (token !== '(') return token !== undefined && compatible.has(token)
    const accepted = either()
    at++
    return accepted
  }
  return either() && at >= tokens.length
}
