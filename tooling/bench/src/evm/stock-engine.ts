import { Common, Hardfork, Mainnet } from '@ethereumjs/common'
import { createEVM } from '@ethereumjs/evm'
import { Account, createAddressFromBigInt } from '@ethereumjs/util'
import { CALLER, type EvmCase, type EvmEngine, type EvmRun, GAS_LIMIT, processorMs } from './engine.ts'

/** `@ethereumjs/evm` as it is, with the state that it makes itself. */
export async function createStockEngine(cases: readonly EvmCase[]): Promise<EvmEngine> {
  const evm = await createEVM({ common: new Common({ chain: Mainnet, hardfork: Hardfork.Cancun }) })
  for (const { address, code } of cases) {
    const at = createAddressFromBigInt(address)
    await evm.stateManager.putAccount(at, new Account(1n))
    await evm.stateManager.putCode(at, code)
  }
  return {
    name: 'ethereumjs',
    async run({ address, input }): Promise<EvmRun> {
      await evm.journal.checkpoint()
      const start = processorMs()
      const { execResult } = await evm.runCall({
        caller: createAddressFromBigInt(CALLER),
        to: createAddressFromBigInt(address),
        data: input,
        gasLimit: BigInt(GAS_LIMIT),
        skipBalance: true,
      })
      const cpuMs = processorMs() - start
      await evm.journal.revert()
      await evm.journal.cleanup()
      if (execResult.exceptionError !== undefined) throw new Error(execResult.exceptionError.error)
      return { cpuMs, output: execResult.returnValue, gasUsed: Number(execResult.executionGasUsed) }
    },
    close: async () => {},
  }
}
