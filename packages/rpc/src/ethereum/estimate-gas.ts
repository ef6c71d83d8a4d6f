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

/** How estimates are made. */
interface Manner {
  /** What an estimate is raised by: a numerator and a denominator. */
  readonly margin: readonly [bigint, bigint]
  /** The search ends where what is left is one part in so many. */
  readonly precision: bigint
}

/** An estimate is raised by a quarter, as Filecoin's nodes do: state may change until the transaction is executed. */
const FILECOIN: Manner = { margin: [5n, 4n], precision: 100n }
/** Where gas is Ethereum's, so is an estimate: the least limit, to the unit. No limit is as large as the second number. */
const ETHEREUM: Manner = { margin: [1n, 1n], precision: 2n ** 63n }
/** Bytes of the signature of a transaction, with its kind. */
const SIGNATURE_LENGTH = 80

/**
 * The gas limit that a transaction should have: what it uses and a quarter more. Where a call in it needs more than it uses, because a caller keeps a part of what it has, it is the
 * least limit with which the transaction succeeds, and a quarter more. On a network with Ethereum's gas it is that limit, and nothing more.
 * @param open a machine on the state that it is to be executed on; each is used once
 * @throws {RpcError} rpc/reverted, rpc/failed where it fails with all the gas that there is
 */
export function estimateGas(open: () => Machine, message: Message): bigint {
  const machine = open()
  const manner = machine.rules.ethereumGas === undefined ? FILECOIN : ETHEREUM
  const first = attempt(machine, message, message.gasLimit)
  if (first.result.receipt.exitCode !== ExitCode.OK) throw callError(first.result)
  /** Whether the message does as it does with all gas: where a call in it runs out even then, that is no reason for more. */
  const succeeds = (limit: bigint): boolean => {
    const { ranOut, result } = attempt(open(), message, limit)
    return result.receipt.exitCode === ExitCode.OK && (first.ranOut || !ranOut)
  }
  const limit = withMargin(first.result.receipt.gasUsed, message.gasLimit, manner)
  if (succeeds(limit)) return limit
  return withMargin(leastLimit(succeeds, message, limit, manner), message.gasLimit, manner)
}

function withMargin(gas: bigint, maximum: bigint, { margin: [numerator, denominator] }: Manner): bigint {
  const raised = (gas * numerator) / denominator
  return raised < maximum ? raised : maximum
}

/** The least limit with which the message succeeds, but for as much as the search leaves. */
function leastLimit(
  succeeds: (limit: bigint) => boolean,
  message: Message,
  tooLow: bigint,
  { precision }: Manner,
): bigint {
  let [low, high] = [tooLow, tooLow]
  do {
    low = high
    high = high * 2n < message.gasLimit ? high * 2n : message.gasLimit
  } while (high < message.gasLimit && !succeeds(high))
  while (high - low > 1n && high - low > high / precision) {
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
