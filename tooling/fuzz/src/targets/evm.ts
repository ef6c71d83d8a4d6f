import { readFileSync } from 'node:fs'
import { parseStateTests } from '@troupe/cli/src/conformance/evm/state-test.ts'
import { defaultVectorDirectory, findVectors } from '@troupe/cli/src/conformance/find-vectors.ts'
import { EVM_SUITE } from '@troupe/cli/src/conformance/vector-suite.ts'
import { CodedError, loadCrypto } from '@troupe/crypto'
import { evmCases } from '../evm/evm-case.ts'
import { differences } from '../evm/evm-outcome.ts'
import { runOurs } from '../evm/run-ours.ts'
import { runStock } from '../evm/run-stock.ts'
import { claim, openTarget, type Target } from '../target.ts'

/** Every so many state tests give code to change, and each so long a code at most. */
const STRIDE = 5
const MAX_CODE_LENGTH = 4096
const LIMIT_MS = 30_000

/** Random and mutated contracts of Ethereum on every fork, against the original @ethereumjs/evm: gas, output, logs, balances, storage. */
export const evm: Target = {
  name: 'evm',
  open: async () => {
    const crypto = await loadCrypto()
    const cases = evmCases(await codeOfOthers())
    return openTarget(
      cases,
      async (input) => {
        const found = differences(runOurs(input, crypto), await runStock(input))
        claim(found.length === 0, `a call comes to the same here and with ethereumjs: ${found.join('; ')}`)
      },
      LIMIT_MS,
    )
  },
}

/** Contracts of ethereum/tests, or none where these are not here. */
async function codeOfOthers(): Promise<Uint8Array[]> {
  try {
    const tasks = await findVectors(
      await defaultVectorDirectory({ env: process.env }, EVM_SUITE),
      '',
      EVM_SUITE,
    )
    return tasks
      .filter((_, index) => index % STRIDE === 0)
      .flatMap(({ file }) => parseStateTests(readFileSync(file, 'utf8')))
      .flatMap(({ pre, cases }) => [
        ...pre.map(({ code }) => code),
        ...cases.slice(0, 4).map(({ transaction }) => transaction.data),
      ])
      .filter(({ length }) => length > 2 && length <= MAX_CODE_LENGTH)
  } catch (error) {
    if (error instanceof CodedError) return []
    throw error
  }
}
