/** Our precompiles and those of @ethereumjs/evm, on random and on mutated inputs: output, failure and price on every fork. */
import { Common, Mainnet } from '@ethereumjs/common'
import { createEVM, type EVM } from '@ethereumjs/evm'
import { loadCrypto } from '@troupe/crypto'
import {
  createPrecompiles,
  PRECOMPILE_FORKS,
  type PrecompileFork,
  type Precompiles,
  rowsOfFork,
} from '@troupe/runtime-evm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from './hex.ts'
import { inputsOf } from './inputs.ts'

/** What a call may cost. It bounds the time of an input that says that its operands are long. */
const GAS_LIMIT = 30_000_000

/** What a call of a precompile came to. */
type Outcome = { readonly gas: bigint; readonly output: string } | 'failed'

interface Both {
  readonly ours: Precompiles
  readonly evm: EVM
  readonly common: Common
}

const crypto = await loadCrypto()
const forks = new Map<PrecompileFork, Both>()
for (const fork of PRECOMPILE_FORKS) {
  const common = new Common({ chain: Mainnet, hardfork: fork })
  forks.set(fork, {
    ours: createPrecompiles(rowsOfFork(fork), crypto),
    evm: await createEVM({ common }),
    common,
  })
}

function runOurs({ ours }: Both, address: number, input: Uint8Array): Outcome {
  const precompile = ours.get(address)
  if (precompile === undefined) throw new Error('not on this fork')
  const gas = precompile.gas(input)
  if (gas > GAS_LIMIT) return 'failed'
  const result = precompile.run(input)
  return typeof result === 'string' ? 'failed' : { gas: BigInt(gas), output: toHex(result) }
}

async function runTheirs({ evm, common }: Both, address: number, input: Uint8Array): Promise<Outcome> {
  const run = evm.precompiles.get(address.toString(16).padStart(40, '0'))
  if (run === undefined) throw new Error('not on this fork')
  const { executionGasUsed, returnValue, exceptionError } = await run({
    data: input,
    gasLimit: BigInt(GAS_LIMIT),
    common,
    _EVM: evm,
  })
  return exceptionError === undefined ? { gas: executionGasUsed, output: toHex(returnValue) } : 'failed'
}

/** Where their precompile changes, and the last fork. 0x0a needs a library of its own there, and is not compared. */
const CASES: readonly (readonly [number, string, number, readonly PrecompileFork[]])[] = [
  [0x01, 'ECRECOVER', 100, ['osaka']],
  [0x02, 'SHA256', 100, ['osaka']],
  [0x03, 'RIPEMD160', 100, ['osaka']],
  [0x04, 'IDENTITY', 100, ['osaka']],
  [0x05, 'MODEXP', 150, ['istanbul', 'berlin', 'cancun', 'osaka']],
  [0x06, 'BN254_ADD', 100, ['istanbul', 'osaka']],
  [0x07, 'BN254_MUL', 100, ['osaka']],
  [0x08, 'BN254_PAIRING', 15, ['osaka']],
  [0x09, 'BLAKE2F', 100, ['osaka']],
  [0x0b, 'BLS12_G1ADD', 100, ['osaka']],
  [0x0c, 'BLS12_G1MSM', 25, ['osaka']],
  [0x0d, 'BLS12_G2ADD', 40, ['osaka']],
  [0x0e, 'BLS12_G2MSM', 15, ['osaka']],
  [0x0f, 'BLS12_PAIRING_CHECK', 12, ['osaka']],
  [0x10, 'BLS12_MAP_FP_TO_G1', 50, ['osaka']],
  [0x11, 'BLS12_MAP_FP2_TO_G2', 30, ['osaka']],
  [0x0100, 'P256VERIFY', 50, ['osaka']],
]

describe('precompiles agree with those of ethereumjs', () => {
  it('in which of them a fork has', () => {
    for (const { ours, evm } of forks.values()) {
      const theirs = [...evm.precompiles.keys()].map((address) => Number.parseInt(address, 16))
      expect([...ours.keys()].sort((a, b) => a - b)).toEqual(theirs.sort((a, b) => a - b))
    }
  })

  it.each(CASES)('at %d, %s, %d times', async (address, _, numRuns, onForks) => {
    for (const fork of onForks) {
      const both = forks.get(fork) as Both
      await fc.assert(
        fc.asyncProperty(inputsOf(address), async (input) => {
          expect(runOurs(both, address, input)).toEqual(await runTheirs(both, address, input))
        }),
        { seed: 1, numRuns },
      )
    }
  })
})
