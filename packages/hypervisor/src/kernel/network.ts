/** @module Syscalls of the module `network`. */
import type { Cid } from '@troupe/ipld'
import { ErrorNumber } from '../actor/error-number.ts'
import type { TokenAmount } from '../actor/token-amount.ts'
import { ChargeName } from '../gas/prices/charge-names.ts'
import { askExterns } from './ask.ts'
import { orFatalSyscall, SyscallError } from './errors.ts'
import type { Kernel } from './kernel.ts'
import { syscallAmount } from './syscall-amount.ts'

/** `network.base_fee` (generation 2). */
export function baseFee(kernel: Kernel): { readonly value: TokenAmount } {
  return { value: syscallAmount(kernel.calls.machine.context.baseFee) }
}

/** `network.total_fil_circ_supply`. */
export function totalFilCircSupply(kernel: Kernel): { readonly value: TokenAmount } {
  return { value: syscallAmount(kernel.calls.machine.context.circulatingSupply) }
}

/** `network.context` (generation 3). */
export function context(kernel: Kernel): Readonly<Record<string, bigint | number>> {
  const { epoch, timestamp, baseFee, chainId } = kernel.calls.machine.context
  return {
    epoch,
    timestamp,
    baseFee: syscallAmount(baseFee),
    chainId,
    networkVersion: kernel.rules.networkVersion,
  }
}

/** `network.tipset_cid` (generation 3). @throws {SyscallError} IllegalArgument for an epoch that is not a past one within the lookback */
export function tipsetCid(kernel: Kernel, epoch: bigint): Cid {
  const { machine } = kernel.calls
  const { prices, tipsetLookback } = kernel.rules
  const lookback = machine.context.epoch - epoch
  const isTooOld = tipsetLookback !== undefined && lookback >= BigInt(tipsetLookback)
  if (epoch < 0n || lookback <= 0n || isTooOld)
    throw new SyscallError(ErrorNumber.IllegalArgument, `there is no tipset to be had at epoch ${epoch}`)
  kernel.gas.chargeWide(ChargeName.ON_TIPSET_CID, prices.onTipsetCid(lookback))
  return orFatalSyscall(() => askExterns(kernel, (externs) => externs.tipsetCid(epoch)))
}
