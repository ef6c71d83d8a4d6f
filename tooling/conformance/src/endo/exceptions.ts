/** Files that are not run: what they want, by how their path begins or what they import, and why no actor has it. */
const REASONS: readonly (readonly [wanted: RegExp, reason: string])[] = [
  [/^Node's /, 'it is about Node: its consoles, domains, files or URLs'],
  [/^core-js/, 'it is about another library, core-js'],
  [/^@fast-check\/ava$/, 'it makes cases by fast-check, for which the engine is too slow'],
]

/** Why a file is not run that wants a module which is not there. */
export function reasonToSkip(wanted: string): string | undefined {
  return REASONS.find(([pattern]) => pattern.test(wanted))?.[1]
}
