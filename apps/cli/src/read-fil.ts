import { CliError } from './errors.ts'

const ATTO_DIGITS = 18
/** Digits of FIL: what all accounts of a chain have together stays far below what a network has. */
const MAX_FIL_DIGITS = 6

/** The attoFIL of an option that is given in FIL. @throws {CliError} usage/bad-option */
export function readFil(option: string, text: string): bigint {
  const match = /^(\d+)(?:\.(\d+))?$/u.exec(text)
  const [, whole = '', fraction = ''] = match ?? []
  if (match === null || whole.length > MAX_FIL_DIGITS || fraction.length > ATTO_DIGITS)
    throw new CliError(
      'usage/bad-option',
      `--${option} takes FIL, of at most ${MAX_FIL_DIGITS} digits and ${ATTO_DIGITS} after the point, not ${JSON.stringify(text)}`,
    )
  return BigInt(whole + fraction.padEnd(ATTO_DIGITS, '0'))
}
