/** @module Which licences third-party packages may have, judged from the SPDX expression in their package.json. */

/** Licences that anything may depend on. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Python-2.0',
  'Unlicense',
])
/** Licences of tools and their data, which are not shipped: contracts that are only run, among them. */
const ALLOWED_FOR_DEVELOPMENT = new Set(['CC-BY-4.0', 'GPL-3.0-or-later', 'MPL-2.0'])

/** One installed package that is not ours. */
export interface InstalledPackage {
  readonly name: string
  readonly version: string
  /** The SPDX expression, or `undefined` where package.json has none that can be read. */
  readonly licence: string | undefined
  /** Whether a shipped package depends on it, directly or further down. */
  readonly production: boolean
}

/** Packages whose licence is not allowed where they are used. */
export function findRefused(packages: readonly InstalledPackage[]): InstalledPackage[] {
  return packages.filter(({ licence, production }) => {
    const isAllowed = (name: string): boolean =>
      ALLOWED.has(name) || (!production && ALLOWED_FOR_DEVELOPMENT.has(name))
    return licence === undefined || !satisfies(licence, isAllowed)
  })
}

/**
 * Whether an SPDX expression can be satisfied with allowed licences alone: `OR` needs one side, `AND` both. What is no
 * SPDX expression is not satisfied, and neither is a licence changed by `WITH`.
 */
export function satisfies(expression: string, isAllowed: (licence: string) => boolean): boolean {
  const words = expression.match(/[()]|[^\s()]+/g) ?? []
  let at = 0
  // Both sides are read to the end before they are joined, so that a mistake in either fails the whole.
  const any = (): boolean | undefined => {
    let result = all()
    while (result !== undefined && words[at] === 'OR') {
      at++
      const right = all()
      result = right === undefined ? undefined : result || right
    }
    return result
  }
  const all = (): boolean | undefined => {
    let result = one()
    while (result !== undefined && words[at] === 'AND') {
      at++
      const right = one()
      result = right === undefined ? undefined : result && right
    }
    return result
  }
  const one = (): boolean | undefined => {
    const word = words[at++]
    if (word === '(') {
      const inner = any()
      return words[at++] === ')' ? inner : undefined
    }
    if (word === undefined || /^(\)|AND|OR|WITH)$/.test(word)) return undefined
    if (words[at] !== 'WITH') return isAllowed(word)
    at += 2
    return words[at - 1] === undefined ? undefined : false
  }
  return any() === true && at === words.length
}
