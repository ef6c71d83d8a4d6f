/** @module All state tests of ethereum/tests, as they were at one commit, and those of them that are not run, each with its reason. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { EVM_SUITE } from '@troupe/cli/src/conformance/vector-suite.ts'
import type { Row, RunOptions, SuiteResult } from '../suite.ts'
import { byFile, runVectors } from '../vectors.ts'

/** What the numbers of the snapshot are of. */
export const SOURCE = 'ethereum/tests@4c87ebbf024a3e9ec842bcce90564f629a3bcd82'
/** Names a checkout, for runs of all suites. */
const CHECKOUT_VARIABLE = 'TROUPE_ETHEREUM_TESTS'

/** The checkout that is named, if one is. */
export function ethereumTests(named: string | undefined): string | undefined {
  const checkout = named ?? process.env[CHECKOUT_VARIABLE]
  return checkout === undefined || checkout === '' ? undefined : resolve(checkout)
}

/** What is said where no checkout is named. */
export const NO_CHECKOUT = `it needs a checkout of ethereum/tests, named with --vectors or ${CHECKOUT_VARIABLE}`

const NOT_TO_BE_HAD =
  'of this file, which is mostly init code at the limit of EIP-3860, there was no copy to take the numbers down from; contract_creating_tx.json beside it has the limit too'

/** Files without which a checkout is whole. Where they are there, they are run. */
export const EXCEPTIONS: Readonly<Record<string, string>> = {
  'Pyspecs/shanghai/eip3860_initcode/create_opcode_initcode.json': NOT_TO_BE_HAD,
  'Pyspecs/shanghai/eip3860_initcode/gas_usage.json': NOT_TO_BE_HAD,
}

/** Runs all state tests of a checkout. */
export async function runEthereumTests(options: RunOptions): Promise<SuiteResult> {
  const vectors = ethereumTests(options.vectors)
  if (vectors === undefined || (options.vectors === undefined && !existsSync(vectors)))
    return { skipped: NO_CHECKOUT }
  const result = byFile(await runVectors(EVM_SUITE, { ...options, vectors }))
  return 'rows' in result ? { rows: withExceptions(result.rows) } : result
}

/** The rows of a run, and a row for each exception that was not run. */
export function withExceptions(rows: readonly Row[]): Row[] {
  const run = new Set(rows.map(({ id }) => id))
  const absent = Object.entries(EXCEPTIONS)
    .filter(([id]) => !run.has(id))
    .map(([id, reason]) => ({ id, status: 'skipped', reason, gas: 0n }) as const)
  return [...rows, ...absent]
}
