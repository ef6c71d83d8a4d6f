import type { GasCounter } from '../interpreter/frame.ts'
import type { CallOutcome, CallRequest, CreateOutcome, CreateRequest } from '../interpreter/host.ts'
import { fromWord, type Word } from '../interpreter/word.ts'
import type { Account, Slot } from './account.ts'
import { nameOf } from './account.ts'
import { type EthereumGas, gasOf, MAX_COUNTED, totalOf } from './gas.ts'
import type { EthereumMachine, Message } from './machine.ts'
import { mostGranted, type PricedHost } from './schedule.ts'

/** The deepest frame that may call: the outermost one has depth 0. */
const MAX_DEPTH = 1024
const NO_OUTPUT = new Uint8Array(0)
/** How many blocks back a hash can be asked for. */
const HASHED_BLOCKS = 256n

/** Ethereum as one frame sees it. */
export class EthereumHost implements PricedHost {
  readonly #machine: EthereumMachine
  readonly #message: Message
  readonly #account: Account
  readonly #gas: GasCounter
  /** Gas beyond what the counter holds. */
  #beyond: bigint
  /** Of the gas that was granted last, what the callee's counter does not hold. */
  #grantedBeyond = 0n
  /** The slot that was asked for last: its price was asked for just before. */
  #slot: Slot | undefined

  constructor(machine: EthereumMachine, message: Message, gas: GasCounter) {
    this.#machine = machine
    this.#message = message
    this.#account = message.account
    this.#gas = gas
    this.#beyond = message.gas.beyond
  }

  /** What the frame has left. */
  remaining(): EthereumGas {
    return { counted: this.#gas.left, beyond: this.#beyond }
  }

  /** Takes gas for a callee: what the code asked for, but for a 64th of what there is at most (EIP-150). */
  grant(requested: Word): number {
    const { left } = this.#gas
    if (this.#beyond === 0n) {
      const most = mostGranted(left)
      const granted = typeof requested === 'number' && requested >= 0 && requested < most ? requested : most
      this.#gas.left -= granted
      this.#grantedBeyond = 0n
      return granted
    }
    const total = totalOf(this.remaining())
    const most = total - total / 64n
    const asked = fromWord(requested)
    const granted = gasOf(asked < most ? asked : most)
    this.#keep(total - totalOf(granted))
    this.#grantedBeyond = granted.beyond
    return granted.counted
  }

  /** Takes back what a callee did not use. */
  #takeBack({ counted, beyond }: EthereumGas): void {
    const left = this.#gas.left + counted
    if (this.#beyond === 0n && beyond === 0n && left <= MAX_COUNTED) this.#gas.left = left
    else this.#keep(totalOf(this.remaining()) + BigInt(counted) + beyond)
  }

  #keep(total: bigint): void {
    const { counted, beyond } = gasOf(total)
    this.#gas.left = counted
    this.#beyond = beyond
  }

  balance(address: bigint): bigint {
    return this.#machine.state.account(address).balance
  }
  selfBalance(): bigint {
    return this.#account.balance
  }
  codeSize(address: bigint): number {
    return this.code(address).length
  }
  code(address: bigint): Uint8Array {
    return this.#machine.state.account(address).code.bytes
  }
  codeHash(address: bigint): bigint {
    const account = this.#machine.state.account(address)
    return account.isEmpty ? 0n : this.#machine.hashOf(account.code.bytes)
  }
  /** Whether there is nothing at an address, by EIP-161. */
  isEmpty(address: bigint): boolean {
    return this.#machine.state.account(address).isEmpty
  }

  /** Says whether an account was accessed before, and marks it. */
  warmAddress(address: bigint): boolean {
    return this.#machine.state.warm(this.#machine.state.account(address))
  }
  /** Says whether a slot was accessed before, and marks it. */
  warmSlot(key: bigint): boolean {
    return this.#machine.state.warmSlot(this.slot(key))
  }
  addRefund(amount: number): void {
    this.#machine.state.addRefund(amount)
  }
  slot(key: bigint): Slot {
    if (this.#slot === undefined || this.#slot.key !== key) this.#slot = this.#account.slot(key)
    return this.#slot
  }

  load(key: bigint): bigint {
    return this.slot(key).value
  }
  store(key: bigint, value: bigint): void {
    this.#machine.state.setSlot(this.slot(key), value)
  }
  loadTransient(key: bigint): bigint {
    return this.#account.transient.get(nameOf(key)) ?? 0n
  }
  storeTransient(key: bigint, value: bigint): void {
    this.#machine.state.setTransient(this.#account, key, value)
  }
  log(topics: readonly bigint[], data: Uint8Array): void {
    this.#machine.state.log({ address: this.#account.address, topics, data })
  }

  call({ kind, gas: counted, address, value, input }: CallRequest): CallOutcome {
    const gas = { counted, beyond: this.#grantedBeyond }
    const account = this.#account
    const { depth, caller, value: ownValue, isStatic } = this.#message
    if (depth >= MAX_DEPTH || account.balance < value) {
      this.#takeBack(gas)
      return { isSuccess: false, output: NO_OUTPUT }
    }
    const target = this.#machine.state.account(address)
    const isOwn = kind === 'callcode' || kind === 'delegatecall'
    const outcome = this.#machine.call({
      account: isOwn ? account : target,
      codeAccount: target,
      caller: kind === 'delegatecall' ? caller : account.address,
      value: kind === 'delegatecall' ? ownValue : value,
      payer: isOwn ? undefined : account,
      input,
      gas,
      isStatic: isStatic || kind === 'staticcall',
      depth: depth + 1,
    })
    this.#takeBack(outcome.gasLeft)
    return { isSuccess: outcome.halt === 'success', output: outcome.output }
  }

  create({ salt, gas: counted, value, code }: CreateRequest): CreateOutcome {
    const gas = { counted, beyond: this.#grantedBeyond }
    const machine = this.#machine
    const creator = this.#account
    const { depth } = this.#message
    if (depth >= MAX_DEPTH || creator.balance < value || machine.isExhausted(creator)) {
      this.#takeBack(gas)
      return { address: 0n, output: NO_OUTPUT }
    }
    const address =
      salt === undefined ? machine.addressOf(creator) : machine.saltedAddressOf(creator, salt, code)
    const { state } = machine
    state.setNonce(creator, creator.nonce + 1n)
    const account = state.account(address)
    state.warm(account)
    const outcome = machine.create(
      { account, caller: creator.address, value, payer: creator, input: NO_OUTPUT, gas, depth: depth + 1 },
      code,
    )
    this.#takeBack(outcome.gasLeft)
    if (outcome.halt === 'success') return { address, output: NO_OUTPUT }
    return { address: 0n, output: outcome.output }
  }

  selfDestruct(beneficiary: bigint): void {
    const { state, fork } = this.#machine
    const account = this.#account
    const { balance } = account
    const target = state.account(beneficiary)
    const isDestroyed = !fork.destroysNewOnly || account.isCreated
    state.touch(target)
    if (balance > 0n && (target !== account || isDestroyed)) {
      state.setBalance(account, 0n)
      if (target !== account) state.setBalance(target, target.balance + balance)
    }
    if (!isDestroyed) return
    if (!account.isDestroyed) state.addRefund(fork.selfDestructRefund)
    state.markDestroyed(account)
  }

  gasLeft(): bigint {
    return totalOf(this.remaining())
  }
  origin(): bigint {
    return this.#machine.context.origin
  }
  gasPrice(): bigint {
    return this.#machine.context.gasPrice
  }
  blockHash(number: bigint): bigint {
    const { block } = this.#machine
    if (number >= block.number || number + HASHED_BLOCKS < block.number) return 0n
    return block.blockHash(number)
  }
  coinbase(): bigint {
    return this.#machine.block.coinbase
  }
  timestamp(): bigint {
    return this.#machine.block.timestamp
  }
  blockNumber(): bigint {
    return this.#machine.block.number
  }
  prevRandao(): bigint {
    return this.#machine.block.prevRandao
  }
  blockGasLimit(): bigint {
    return this.#machine.block.gasLimit
  }
  chainId(): bigint {
    return this.#machine.block.chainId
  }
  baseFee(): bigint {
    return this.#machine.block.baseFee
  }
  blobBaseFee(): bigint {
    return this.#machine.blobBaseFee
  }
  blobHash(index: bigint): bigint {
    return index < this.#machine.context.blobHashes.length
      ? (this.#machine.context.blobHashes[Number(index)] as bigint)
      : 0n
  }
}
