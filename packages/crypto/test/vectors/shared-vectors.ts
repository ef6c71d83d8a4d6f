import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One entry of a precompile table in builtin-actors: input and output in hexadecimal. */
export interface PrecompileVector {
  readonly Input: string
  readonly Expected: string
}

/** The table of ecrecover, or `undefined` where the vectors are not on this machine. */
export function readEcRecoverVectors(): readonly PrecompileVector[] | undefined {
  const root = process.env['TROUPE_VECTORS'] ?? join(import.meta.dirname, '../../../../../shared/vectors')
  const file = join(root, 'evm/precompiles/ecRecover.json')
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
}
