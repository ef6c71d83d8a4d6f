/** @module What does not give results as good as they have to be, refused. */
import { HypervisorError } from '../errors.ts'
import type { RuleSet } from '../network/rule-set.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { type Fidelity, isBelow, type MessageFidelity, type RequiredFidelity } from '../trace/fidelity.ts'

/** What a machine is made of, as far as it decides how good its results can be. */
export interface FidelityParts {
  readonly requireFidelity?: RequiredFidelity | undefined
  readonly rules: RuleSet
  readonly runtimes: readonly Runtime[]
}

/**
 * Tests whether parts can give what is required. What a message touches decides it in the end: the node outside, proofs and impersonation are seen only then.
 * @throws {HypervisorError} machine/fidelity for a runtime, or rules, that never can
 */
export function checkFidelity({ requireFidelity, rules, runtimes }: FidelityParts): void {
  const check = (what: string, { level, reason }: Fidelity): void => {
    if (!isBelow(level, requireFidelity)) return
    const reasons = reason === undefined ? [] : [reason]
    throw new HypervisorError(
      'machine/fidelity',
      `results have to be ${requireFidelity}, and those of ${what} are ${[level, ...reasons].join(': ')}`,
      { fidelity: { level, reasons } },
    )
  }
  for (const { fidelity, name } of runtimes)
    if (fidelity !== undefined) check(`the runtime ${name}`, fidelity)
  if (rules.ethereumGas !== undefined)
    check(`the rules ${rules.name}`, { level: 'simulated', reason: "they have Ethereum's gas" })
}

/** Tests whether the result of a message is as good as all the levels. @throws {HypervisorError} message/fidelity */
export function checkResult(
  fidelity: MessageFidelity,
  ...levels: readonly (RequiredFidelity | undefined)[]
): void {
  const required = levels.find((level) => isBelow(fidelity.level, level))
  if (required === undefined) return
  throw new HypervisorError(
    'message/fidelity',
    `the result of the message has to be ${required}, and is ${fidelity.level}: ${fidelity.reasons.join('; ')}`,
    { fidelity },
  )
}
