import { Abort, ExitCode, type GasTracker, MILLIGAS_PER_GAS } from '@troupe/hypervisor'
import { ContractGas } from './contract-gas.ts'

/** Gas of code that runs by Ethereum's prices, in whole gas. Running out of it ends one invocation, and its caller goes on whatever is left to it. */
export class EthereumContractGas extends ContractGas {
  constructor(tracker: GasTracker) {
    super(tracker, MILLIGAS_PER_GAS)
  }

  /** @throws {Abort} always */
  override exhaust(): never {
    return outOfGas()
  }
}

/** Ends an invocation for lack of gas. @throws {Abort} always */
export function outOfGas(): never {
  throw new Abort(ExitCode.SYS_OUT_OF_GAS, 'out of gas')
}
