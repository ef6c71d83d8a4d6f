import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = process.env['TROUPE_VECTORS'] ?? join(import.meta.dirname, '../../../../../shared/vectors')

/** One entry of a table: what go-ethereum has in `core/vm/testdata/precompiles`, and builtin-actors after it. */
export interface PrecompileVector {
  readonly Name: string
  readonly Input: string
  readonly Expected?: string
  readonly ExpectedError?: string
  readonly Gas?: number
}

/** A table by name, or `undefined` where the vectors are not on this machine. */
export function readVectors(name: string): readonly PrecompileVector[] | undefined {
  const file = join(ROOT, 'evm/precompiles', `${name}.json`)
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
}
