import { isBelow, type MessageFidelity, type RequiredFidelity } from '@troupe/hypervisor'
import type { CommandArguments, CommandOption } from './command.ts'
import { CliError } from './errors.ts'

/** `--require-fidelity`, of commands that execute messages. */
export const REQUIRE_FIDELITY: CommandOption = {
  type: 'string',
  value: 'LEVEL',
  help: 'fail where results are not exact, or at least calibrated',
}

/** How good results have to be, by `--require-fidelity`. @throws {CliError} usage/bad-option */
export function requiredFidelity({ values }: CommandArguments): RequiredFidelity | undefined {
  const level = values.get('require-fidelity')
  if (level === undefined || level === 'exact' || level === 'calibrated') return level
  throw new CliError(
    'usage/bad-option',
    `--require-fidelity takes exact or calibrated, not ${JSON.stringify(level)}`,
  )
}

/** Tests results that were shown already. @throws {CliError} replay/fidelity for the first one that is not as good as it has to be */
export function checkFidelities(
  results: readonly MessageFidelity[],
  required: RequiredFidelity | undefined,
  where: string,
): void {
  const found = results.find(({ level }) => isBelow(level, required))
  if (found === undefined) return
  const message = `a result has to be ${required}, and is ${found.level}: ${found.reasons.join('; ')}`
  throw new CliError('replay/fidelity', message, { where })
}
