import type { EthereumGasRules } from '@troupe/hypervisor'
import type { EthereumFork } from './fork.ts'
import { CREATION, NON_ZERO_BYTE, TRANSACTION, ZERO_BYTE } from './transaction.ts'

/** What a network must know of a fork of Ethereum whose gas its contracts have: for `withEthereumGas`. */
export function ethereumGasOf({
  floorPerToken,
  name,
  refundDivisor,
  schedule,
}: EthereumFork): EthereumGasRules {
  return {
    fork: name,
    transaction: TRANSACTION,
    creation: CREATION,
    initCodeWord: schedule.initCodeWord,
    zeroByte: ZERO_BYTE,
    nonZeroByte: NON_ZERO_BYTE,
    floorPerToken,
    refundDivisor,
  }
}
