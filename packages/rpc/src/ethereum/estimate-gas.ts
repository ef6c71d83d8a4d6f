/** @module How much gas a transaction needs. Source: lotus node/impl/eth/gas.go `EthEstimateGas`, `gasSearch`. */
import {
  type CallFrame,
  CallTree,
  Executor,
  ExitCode,
  encodeMessage,
  type Machine,
  type Message,
  type MessageResult,
} from '@troupe/hypervisor'
import { ensureSender } from './call.ts'
import { callError } from './revert.ts'

/** An estimate is raised by a quarter, as Filecoin's nodes do: state may change until the transaction is executed. */
const MARGIN_NUMERATOR = 5n
const MARGIN_DENOMINATOR = 4n
/** The search ends where what is left is one part in so many. */
const PRECISION = 100n
/** Bytes of the signature of a transaction, with its kind. */
const SIGNATURE_LENGTH = 80

/**
 * The gas limit that a transaction should have: what it uses and a quarter more. Where a call in it needs more than it uses, because a caller keeps a part of what it has, it is the
 * least limit with which the transaction succeeds, and a quarter more.
 * @param open a machine on the state that it is to be executed on; each is used once
 * @throws {RpcError} rpc/reverted, rpc/failed where it fails with all the gas that there is
 */
export function estimateGas(open: () => Machine, message: Message): bigint {
  const first = attempt(open(), message, message.gasLimit)
  if (first.result.receipt.exitCode !== ExitCode.OK) throw callError(first.result)
  const limit = withMargin(first.result.receipt.gasUsed, message.gasLimit)
  const second = attempt(open(), message, limit)
  if (second.result.receipt.exitCode === ExitCode.OK && !second.ranOut) return limit
  return withMargin(leastLimit(open, message, limit), message.gasLimit)
}

function withMargin(gas: bigint, maximum: bigint): bigint {
  const raised = (gas * MARGIN_NUMERATOR) / MARGIN_DENOMINATOR
  return raised < maximum ? raised : maximum
}

/** The least limit with which the message succeeds as it does with all gas, but for one part in a hundred. */
function leastLimit(open: () => Machine, message: Message, tooLow: bigint): bigint {
  let [low, high] = [tooLow, tooLow]
  const succeeds = (limit: bigint): boolean => {
    const { ranOut, result } = attempt(open(), message, limit)
    return result.receipt.exitCode === ExitCode.OK && !ranOut
  }
  do {
    low = high
    high = high * 2n < message.gasLimit ? high * 2n : message.gasLimit
  } while (high < message.gasLimit && !succeeds(high))
  while (high - low > high / PRECISION) {
    const middle = (low + high) / 2n
    if (succeeds(middle)) high = middle
    else low = middle
  }
  return high
}

/** Executes the message as its sender's next one; the sender may be anyone. */
function attempt(
  machine: Machine,
  message: Message,
  gasLimit: bigint,
): { readonly result: MessageResult; readonly ranOut: boolean } {
  const sequence = ensureSender(machine, message.from)
  const tree = new CallTree()
  const result = new Executor(machine).execute(
    { ...message, sequence, gasLimit },
    { length: encodeMessage(message).length + SIGNATURE_LENGTH, impersonate: true, trace: tree.listener },
  )
  return { result, ranOut: tree.roots.some(ranOutOfGas) }
}

/** Whether a call, or one below it, ended for lack of gas: what may then have been caught by its caller. */
function ranOutOfGas({ calls, outcome }: CallFrame): boolean {
  const isOut =
    (outcome?.type === 'error' && outcome.number === 'out-of-gas') ||
    (outcome?.type === 'return' && outcome.exitCode === ExitCode.SYS_OUT_OF_GAS)
  return isOut || calls.some(ranOutOfGas)
}
