import type { Test262 } from './metadata.ts'

/** What the engine is built without, by the name of the feature, and why no actor misses it. */
const ABSENT: ReadonlyMap<string, string> = new Map([
  ...['Atomics', 'Atomics.pause', 'Atomics.waitAsync', 'SharedArrayBuffer'].map(
    (feature) => [feature, 'memory that is shared: hardened JavaScript takes it away'] as const,
  ),
  ['Temporal', 'Temporal, which the engine does not have'],
  ['Intl-enumeration', 'Intl, which the engine does not have'],
])

/** Features that need modules, which actors do not have: their code is one script. */
const MODULES: readonly string[] = [
  'dynamic-import',
  'import.meta',
  'json-modules',
  'import-attributes',
  'import-defer',
  'import-text',
  'import-bytes',
  'source-phase-imports',
  'source-phase-imports-module-source',
  'top-level-await',
]

/** Why a test is not run, if it is not. */
export function reasonToSkip({ flags, features }: Test262): string | undefined {
  if (flags.includes('module') || features.some((feature) => MODULES.includes(feature)))
    return 'modules: the code of an actor is one script'
  if (flags.includes('CanBlockIsTrue')) return 'agents that wait'
  const absent = features.find((feature) => ABSENT.has(feature) || feature.startsWith('Intl.'))
  return absent === undefined ? undefined : (ABSENT.get(absent) ?? 'Intl, which the engine does not have')
}
