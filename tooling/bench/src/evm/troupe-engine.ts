import type { CryptoProvider } from '@troupe/crypto'
import { EthereumMachine, EthereumState, forkOf, gasOf, totalOf } from '@troupe/runtime-evm/ethereum'
import { CALLER, type EvmCase, type EvmEngine, type EvmRun, GAS_LIMIT, processorMs } from './engine.ts'

/** Our interpreter in a world of its own. */
export function createTroupeEngine(cases: readonly EvmCase[], crypto: CryptoProvider): EvmEngine {
  const state = new EthereumState()
  for (const { address, code } of cases) state.put(address, { nonce: 1n, balance: 0n, code, storage: [] })
  const block = {
    number: 1n,
    timestamp: 1n,
    coinbase: 0n,
    gasLimit: BigInt(GAS_LIMIT),
    prevRandao: 0n,
    baseFee: 0n,
    excessBlobGas: 0n,
    chainId: 1n,
    blockHash: () => 0n,
  }
  const machine = new EthereumMachine({ fork: forkOf('cancun'), state, block, crypto })
  return {
    name: 'troupe',
    async run({ address, input }): Promise<EvmRun> {
      const account = state.account(address)
      const snapshot = state.snapshot()
      const start = processorMs()
      const outcome = machine.call({
        account,
        codeAccount: account,
        caller: CALLER,
        value: 0n,
        payer: undefined,
        input,
        gas: gasOf(BigInt(GAS_LIMIT)),
        isStatic: false,
        depth: 0,
      })
      const cpuMs = processorMs() - start
      state.revert(snapshot)
      state.finish()
      if (outcome.halt !== 'success') throw new Error(`the call ended with ${outcome.halt}`)
      return { cpuMs, output: outcome.output, gasUsed: GAS_LIMIT - Number(totalOf(outcome.gasLeft)) }
    },
    close: async () => {},
  }
}
