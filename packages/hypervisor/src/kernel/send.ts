/** @module The syscall `send.send`. */
import { ErrorNumber } from '../actor/error-number.ts'
import type { Address } from '../address/address.ts'
import { MILLIGAS_PER_GAS } from '../gas/prices/price-list.ts'
import { NO_BLOCK } from './block-registry.ts'
import { orFatalSyscall, SyscallError } from './errors.ts'
import type { Kernel } from './kernel.ts'

const READ_ONLY_FLAG = 1n
/** Where the rules have locks. */
const LOCK_SENDER_FLAG = 2n
const NO_LIMIT = 2n ** 64n - 1n
const MILLIGAS = BigInt(MILLIGAS_PER_GAS)
const MAX_LIMIT = 2n ** 64n - 1n

/** What `send.send` gives. A callee that returned nothing gives block 0, codec 0, size 0. */
export interface SendResult {
  readonly exitCode: number
  readonly returnId: number
  readonly returnCodec: bigint
  readonly returnSize: number
}

/**
 * `send.send`: calls another actor. Generation 2 passes neither gas limit nor flags.
 *
 * @param gasLimit gas; 2^64-1 for none
 * @param flags bit 0: read-only; bit 1, where the rules have locks: the sender cannot be called until the call ends
 * @throws {SyscallError} IllegalArgument for other flags; ReadOnly; InvalidHandle; LimitExceeded; and what makes a call impossible
 */
export function send(
  kernel: Kernel,
  recipient: Address,
  method: bigint,
  parameters: number,
  valueHigh: bigint,
  valueLow: bigint,
  gasLimit: bigint = NO_LIMIT,
  flags = 0n,
): SendResult {
  const { reentrancyLocks } = kernel.rules
  if (flags > (reentrancyLocks ? READ_ONLY_FLAG | LOCK_SENDER_FLAG : READ_ONLY_FLAG))
    throw new SyscallError(ErrorNumber.IllegalArgument, `unknown send flags ${flags}`)
  const value = (valueHigh << 64n) | valueLow
  const readOnly = kernel.context.readOnly || (flags & READ_ONLY_FLAG) !== 0n
  if (readOnly && value !== 0n)
    throw new SyscallError(ErrorNumber.ReadOnly, 'a read-only call cannot transfer value')
  const block = parameters === NO_BLOCK ? undefined : kernel.blocks.get(parameters)
  if (kernel.blocks.isFull)
    throw new SyscallError(ErrorNumber.LimitExceeded, 'there is no room for the return block')

  const { exitCode, value: returned } = kernel.calls.call({
    from: kernel.context.receiver,
    to: recipient,
    method,
    parameters: block,
    value,
    gasLimit: gasLimit === NO_LIMIT ? undefined : milligas(gasLimit),
    readOnly,
    ...((flags & LOCK_SENDER_FLAG) === 0n ? {} : { locksSender: true }),
  })
  if (returned === undefined || (exitCode !== 0 && !kernel.rules.failuresReturnData))
    return { exitCode, returnId: NO_BLOCK, returnCodec: 0n, returnSize: 0 }
  const returnId = orFatalSyscall(() => kernel.blocks.put(returned))
  return { exitCode, returnId, returnCodec: BigInt(returned.codec), returnSize: returned.data.length }
}

function milligas(gas: bigint): bigint {
  const amount = gas * MILLIGAS
  return amount < MAX_LIMIT ? amount : MAX_LIMIT
}
