import { HypervisorError } from '../errors.ts'
import { NV15, NV16, NV17 } from './generation-2.ts'
import { NV18, NV19, NV20 } from './generation-3.ts'
import { NV21, NV22, NV23, NV24, NV25, NV26, NV27, NV28 } from './generation-4.ts'
import type { RuleSet } from './rule-set.ts'

const GENERATION_2: readonly RuleSet[] = [NV15, NV16, NV17]
const GENERATION_3: readonly RuleSet[] = [NV18, NV19, NV20]
const GENERATION_4: readonly RuleSet[] = [NV21, NV22, NV23, NV24, NV25, NV26, NV27, NV28]

const RULE_SETS: ReadonlyMap<number, RuleSet> = new Map(
  [...GENERATION_2, ...GENERATION_3, ...GENERATION_4].map((rules) => [rules.networkVersion, rules]),
)

/** The network versions that have a rule set, ascending. */
export const SUPPORTED_NETWORK_VERSIONS: readonly number[] = [...RULE_SETS.keys()]

/**
 * The rules of a network version.
 * @throws {HypervisorError} network/unsupported-version
 */
export function rulesOf(networkVersion: number): RuleSet {
  const rules = RULE_SETS.get(networkVersion)
  if (rules === undefined)
    throw new HypervisorError(
      'network/unsupported-version',
      `network version ${networkVersion} is not supported; these are: ${SUPPORTED_NETWORK_VERSIONS.join(', ')}`,
    )
  return rules
}
