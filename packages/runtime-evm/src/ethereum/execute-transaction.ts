import { type EthereumGas, gasOf, totalOf } from './gas.ts'
import type { EthereumMachine, MessageOutcome } from './machine.ts'
import type { EthereumLog } from './state.ts'
import {
  type EthereumTransaction,
  effectiveGasPrice,
  GAS_PER_BLOB,
  intrinsicGasOf,
  type RefusalReason,
  refuse,
} from './transaction.ts'

/** What came of a transaction. */
export type TransactionOutcome =
  /** It did not run, and changed nothing. */
  | { readonly kind: 'refused'; readonly reason: RefusalReason }
  | {
      readonly kind: 'executed'
      readonly isSuccess: boolean
      /** What it returned or reverted with; of a creation the code. */
      readonly output: Uint8Array
      readonly gasUsed: bigint
      /** The contract that was created. */
      readonly created: bigint | undefined
      readonly logs: readonly EthereumLog[]
    }

/**
 * Runs a transaction on the state of a machine, fees included, and ends it.
 *
 * @throws {EvmError} `evm/unsupported`, `host/stack-exhausted`, `host/memory-exhausted`; the state is not to be used any more after those of the host
 */
export function executeTransaction(
  machine: EthereumMachine,
  transaction: EthereumTransaction,
): TransactionOutcome {
  const { state, fork, block } = machine
  const intrinsic = intrinsicGasOf(machine, transaction)
  const reason = refuse(machine, transaction, intrinsic)
  if (reason !== undefined) return { kind: 'refused', reason }

  state.begin()
  const gasPrice = effectiveGasPrice(machine, transaction)
  const sender = state.account(transaction.sender)
  const blobHashes = transaction.blobs?.hashes ?? []
  machine.context = { origin: sender.address, gasPrice, blobHashes }
  const blobFee = BigInt(blobHashes.length) * GAS_PER_BLOB * machine.blobBaseFee
  state.setBalance(sender, sender.balance - transaction.gasLimit * gasPrice - blobFee)
  const createdAddress = transaction.to === undefined ? machine.addressOf(sender) : undefined
  state.setNonce(sender, sender.nonce + 1n)
  warmUp(machine, transaction, createdAddress)

  const { gasLimit } = transaction
  const outcome = run(machine, transaction, gasOf(gasLimit - BigInt(intrinsic.gas)), createdAddress)

  const unrefunded = gasLimit - totalOf(outcome.gasLeft)
  const most = unrefunded / BigInt(fork.refundDivisor)
  const refund = outcome.halt === 'success' ? BigInt(state.refund) : 0n
  const refunded = unrefunded - (refund < most ? refund : most)
  const floor = BigInt(intrinsic.floor)
  const gasUsed = refunded < floor ? floor : refunded
  state.setBalance(sender, sender.balance + (gasLimit - gasUsed) * gasPrice)
  const coinbase = state.account(block.coinbase)
  const tip = fork.hasBaseFee ? gasPrice - block.baseFee : gasPrice
  state.setBalance(coinbase, coinbase.balance + tip * gasUsed)
  state.finish()
  const isSuccess = outcome.halt === 'success'
  return {
    kind: 'executed',
    isSuccess,
    output: outcome.output,
    gasUsed,
    created: isSuccess ? createdAddress : undefined,
    logs: state.logs,
  }
}

/** Marks what a transaction has accessed from the start (EIP-2929, EIP-2930, EIP-3651). */
function warmUp(
  machine: EthereumMachine,
  transaction: EthereumTransaction,
  created: bigint | undefined,
): void {
  const { state, fork, block, precompiles } = machine
  state.warm(state.account(transaction.sender))
  state.warm(state.account(transaction.to ?? (created as bigint)))
  if (fork.isCoinbaseWarm) state.warm(state.account(block.coinbase))
  for (const address of precompiles.keys()) state.warm(state.account(BigInt(address)))
  for (const { address, keys } of transaction.accessList) {
    const account = state.account(address)
    state.warm(account)
    for (const key of keys) state.warmSlot(account.slot(key))
  }
}

function run(
  machine: EthereumMachine,
  { sender, to, value, data }: EthereumTransaction,
  gas: EthereumGas,
  created: bigint | undefined,
): MessageOutcome {
  const { state } = machine
  const payer = state.account(sender)
  const account = state.account(to ?? (created as bigint))
  const message = { account, caller: sender, value, payer, gas, depth: 0 }
  if (to === undefined) return machine.create({ ...message, input: new Uint8Array(0) }, data)
  return machine.call({ ...message, codeAccount: account, input: data, isStatic: false })
}
