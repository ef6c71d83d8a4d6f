/**
 * @module What holders and operators of a fungible token may do, and the call that tells a receiver.
 *
 * Source: FRC-0046; frc46_token 15.0.0 src/token/mod.rs.
 */

import { type ActorId, type Address, addressEquals, ExitCode, type TokenAmount } from '@troupe/hypervisor'
import { CborStore, encodeValue } from '@troupe/ipld'
import { type ActorContext, ActorError, encodeBlock, fail } from '@troupe/runtime-native'
import {
  type BurnFromReturn,
  type BurnReturn,
  FRC46_TOKEN_TYPE,
  type Frc46TokenReceived,
  frc46TokenReceivedCodec,
  RECEIVE_METHOD,
  type TransferFromParameters,
  type TransferParameters,
  universalReceiverParametersCodec,
} from './parameters.ts'
import { TokenBooks, type TokenState } from './token-state.ts'

const NOTHING = new Uint8Array()
/** What the official code spends on hashing a key, SHA-256 over one block of it; fitted. */
const HASH_MILLIGAS = 92_000_000

/** A call to a receiver that has to be made once what it received is stored. */
export interface ReceiverHook {
  readonly to: Address
  readonly received: Frc46TokenReceived
}

/**
 * A token while it is worked on.
 *
 * Addresses are resolved, but no account is ever created: that takes a send, and within a change of state there is none.
 */
export class Token {
  readonly #context: ActorContext
  readonly #granularity: TokenAmount
  readonly #books: TokenBooks

  /** @param granularity what every amount but an allowance is a multiple of */
  constructor(context: ActorContext, granularity: TokenAmount, state: TokenState) {
    this.#context = context
    this.#granularity = granularity
    this.#books = new TokenBooks(() => tokenStore(context), state)
  }

  /** The token's state now. */
  get state(): TokenState {
    return this.#books.state
  }

  /** What a holder has; an address that nobody has has nothing. @throws {ActorError} */
  balanceOf(owner: Address): TokenAmount {
    const id = this.#context.actors.resolve(owner)
    return id === undefined ? 0n : this.#books.balance(id)
  }

  /** What an operator may spend of what an owner has. @throws {ActorError} */
  allowance(owner: Address, operator: Address): TokenAmount {
    const ids = this.#resolveBoth(owner, operator)
    return ids === undefined ? 0n : this.#books.allowance(...ids)
  }

  /** Adds to an allowance, and gives it. @throws {ActorError} USR_ILLEGAL_ARGUMENT for a negative amount; USR_NOT_FOUND */
  increaseAllowance(owner: Address, operator: Address, increase: TokenAmount): TokenAmount {
    requireNotNegative(increase)
    return this.#books.changeAllowance(this.#require(owner), this.#require(operator), increase)
  }

  /** Takes from an allowance, down to zero, and gives it. @throws {ActorError} as {@link increaseAllowance} */
  decreaseAllowance(owner: Address, operator: Address, decrease: TokenAmount): TokenAmount {
    requireNotNegative(decrease)
    return this.#books.changeAllowance(this.#require(owner), this.#require(operator), -decrease)
  }

  /** Ends an allowance, and gives what it was. @throws {ActorError} */
  revokeAllowance(owner: Address, operator: Address): TokenAmount {
    const ids = this.#resolveBoth(owner, operator)
    return ids === undefined ? 0n : this.#books.revokeAllowance(...ids)
  }

  /** Sets an allowance to a positive amount. @throws {ActorError} as {@link increaseAllowance} */
  setAllowance(owner: Address, operator: Address, amount: TokenAmount): void {
    this.#books.setAllowance(this.#require(owner), this.#require(operator), amount)
  }

  /** Makes new tokens for somebody. @throws {ActorError} USR_ILLEGAL_ARGUMENT for an amount that cannot be; USR_NOT_FOUND */
  mint(operator: Address, owner: Address, amount: TokenAmount): ReceiverHook {
    this.#requireWhole(amount)
    const operatorId = this.#require(operator)
    const to = this.#require(owner)
    this.#books.changeBalance(to, amount)
    this.#books.changeSupply(amount)
    const from = this.#context.message.receiver
    return { to: owner, received: received({ from, to, operator: operatorId, amount }) }
  }

  /** Destroys tokens of a holder. @throws {ActorError} USR_ILLEGAL_ARGUMENT; USR_NOT_FOUND; USR_INSUFFICIENT_FUNDS */
  burn(owner: Address, amount: TokenAmount): BurnReturn {
    this.#requireWhole(amount)
    const balance = this.#books.changeBalance(this.#require(owner), -amount)
    this.#books.changeSupply(-amount)
    return { balance }
  }

  /** Destroys tokens of a holder by an operator. @throws {ActorError} USR_ILLEGAL_ARGUMENT; USR_INSUFFICIENT_FUNDS */
  burnFrom(operator: Address, owner: Address, amount: TokenAmount): BurnFromReturn {
    this.#requireWhole(amount)
    const [operatorId, ownerId] = this.#resolveOperator(operator, owner)
    const allowance = this.#books.useAllowance(ownerId, operatorId, amount)
    const balance = this.#books.changeBalance(ownerId, -amount)
    this.#books.changeSupply(-amount)
    return { balance, allowance }
  }

  /** Moves tokens from their holder. @throws {ActorError} USR_ILLEGAL_ARGUMENT; USR_NOT_FOUND; USR_INSUFFICIENT_FUNDS */
  transfer(owner: Address, { to, amount, operatorData }: TransferParameters): ReceiverHook {
    this.#requireWhole(amount)
    const from = this.#require(owner)
    const toId = this.#require(to)
    this.#books.transfer(from, toId, amount)
    return { to, received: received({ from, to: toId, operator: from, amount, operatorData }) }
  }

  /** Moves tokens by an operator. @throws {ActorError} as {@link transfer} */
  transferFrom(operator: Address, params: TransferFromParameters): ReceiverHook {
    const { to, amount, operatorData } = params
    this.#requireWhole(amount)
    const [operatorId, from] = this.#resolveOperator(operator, params.from)
    const toId = this.#require(to)
    this.#books.useAllowance(from, operatorId, amount)
    this.#books.transfer(from, toId, amount)
    return { to, received: received({ from, to: toId, operator: operatorId, amount, operatorData }) }
  }

  /** An operator that is not the owner, and the owner. One that does not exist has no allowance. */
  #resolveOperator(operator: Address, owner: Address): [operator: ActorId, owner: ActorId] {
    if (this.#isSame(operator, owner))
      fail(ExitCode.USR_ILLEGAL_ARGUMENT, 'an owner is no operator of its own')
    const ids = this.#resolveBoth(operator, owner)
    return ids ?? fail(ExitCode.USR_INSUFFICIENT_FUNDS, 'what does not exist has no allowance')
  }

  #isSame(a: Address, b: Address): boolean {
    if (a.protocol === b.protocol) return addressEquals(a, b)
    const ids = this.#resolveBoth(a, b)
    return ids !== undefined && ids[0] === ids[1]
  }

  #resolveBoth(a: Address, b: Address): [ActorId, ActorId] | undefined {
    const first = this.#context.actors.resolve(a)
    const second = first === undefined ? undefined : this.#context.actors.resolve(b)
    return first === undefined || second === undefined ? undefined : [first, second]
  }

  /** The id of an address. It is looked up once more where it has none: in between, the reference tries to send, and logs that it cannot. */
  #require(address: Address): ActorId {
    const { actors } = this.#context
    const id = actors.resolve(address)
    if (id !== undefined) return id
    this.#context.log('nothing can be sent now')
    return actors.resolve(address) ?? fail(ExitCode.USR_NOT_FOUND, 'the address cannot be resolved')
  }

  #requireWhole(amount: TokenAmount): void {
    requireNotNegative(amount)
    if (amount % this.#granularity !== 0n)
      fail(ExitCode.USR_ILLEGAL_ARGUMENT, `${amount} is no multiple of ${this.#granularity}`)
  }
}

/** A store for one map of a token. The token library hashes the keys of maps in its own code, which costs gas of its own. */
export function tokenStore(context: ActorContext): CborStore {
  const { blocks, crypto } = context.state.store('own')
  const sha256 = (data: Uint8Array): Uint8Array => {
    context.gas.work(HASH_MILLIGAS)
    return crypto.sha256(data)
  }
  return new CborStore(blocks, { ...crypto, sha256 })
}

/**
 * Tells a receiver what it has received, and gives its answer.
 * @throws {ActorError} with the exit code of one that refuses, but not with what it says
 */
export function callReceiver(context: ActorContext, { to, received }: ReceiverHook): Uint8Array {
  const payload = encodeValue(frc46TokenReceivedCodec, received)
  const parameters = encodeBlock(universalReceiverParametersCodec, { type: FRC46_TOKEN_TYPE, payload })
  try {
    return context.sendOrFail({ to, method: RECEIVE_METHOD, parameters })?.data ?? NOTHING
  } catch (error) {
    if (!(error instanceof ActorError)) throw error
    context.log(`the receiver was not called: ${error.message}`)
    return fail(error.exitCode, error.message)
  }
}

function received(
  partial: Omit<Frc46TokenReceived, 'operatorData' | 'tokenData'> & Partial<Frc46TokenReceived>,
): Frc46TokenReceived {
  return { operatorData: NOTHING, tokenData: NOTHING, ...partial }
}

function requireNotNegative(amount: TokenAmount): void {
  if (amount < 0n) fail(ExitCode.USR_ILLEGAL_ARGUMENT, `the amount ${amount} is negative`)
}
