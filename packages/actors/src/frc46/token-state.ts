/**
 * @module The books of a fungible token: total supply, balances, and allowances. What holders may do is decided elsewhere.
 *
 * Source: FRC-0046; frc46_token 15.0.0 src/token/state.rs.
 */

import { type ActorId, ExitCode, type TokenAmount, tokenAmountCodec } from '@troupe/hypervisor'
import type { CborStore, Cid, ValueCodec } from '@troupe/ipld'
import { cidCodec, fail, tupleCodec, u32Codec } from '@troupe/runtime-native'
import { TokenMap } from './token-map.ts'

/** Bit width of the HAMTs of a new token. */
export const TOKEN_HAMT_BIT_WIDTH = 3

/** State of a token: a tuple of these fields, in this order. Keys are actor ids as varints. No zero is ever stored. */
export interface TokenState {
  readonly supply: TokenAmount
  /** HAMT from holders to what they have. */
  readonly balances: Cid
  /** HAMT from holders to HAMTs, of the same bit width, from operators to what they may spend. */
  readonly allowances: Cid
  readonly hamtBitWidth: number
}

/** The state's codec. */
export const tokenStateCodec: ValueCodec<TokenState> = tupleCodec({
  supply: tokenAmountCodec,
  balances: cidCodec,
  allowances: cidCodec,
  hamtBitWidth: u32Codec,
})

/** Opens a store for one map: what one map has read, another reads again. */
export type OpenStore = () => CborStore

/** The state of a token that nobody has. @throws {ActorError} USR_SERIALIZATION */
export function createTokenState(
  openStore: OpenStore,
  hamtBitWidth: number = TOKEN_HAMT_BIT_WIDTH,
): TokenState {
  const balances = TokenMap.create(openStore, hamtBitWidth, tokenAmountCodec).flush()
  const allowances = TokenMap.create(openStore, hamtBitWidth, cidCodec).flush()
  return { supply: 0n, balances, allowances, hamtBitWidth }
}

/**
 * Reads and changes the state of a token. Every change is stored at once, in blocks that {@link TokenBooks.state} then has the CIDs of.
 *
 * All methods fail with USR_SERIALIZATION where the state is malformed or an amount is too large for it.
 */
export class TokenBooks {
  readonly #openStore: OpenStore
  #state: TokenState

  constructor(openStore: OpenStore, state: TokenState) {
    this.#openStore = openStore
    this.#state = state
  }

  /** What the books say now. */
  get state(): TokenState {
    return this.#state
  }

  /** What a holder has. @throws {ActorError} */
  balance(owner: ActorId): TokenAmount {
    return this.#balances().get(owner) ?? 0n
  }

  /**
   * Adds to what a holder has, or takes from it.
   * @returns what it has then
   * @throws {ActorError} USR_INSUFFICIENT_FUNDS where that would be negative
   */
  changeBalance(owner: ActorId, delta: TokenAmount): TokenAmount {
    if (delta === 0n) return this.balance(owner)
    const balances = this.#balances()
    const old = balances.get(owner) ?? 0n
    const balance = old + delta
    if (balance < 0n)
      fail(ExitCode.USR_INSUFFICIENT_FUNDS, `f0${owner} has ${old}, which cannot change by ${delta}`)
    if (balance === 0n) balances.delete(owner)
    else balances.set(owner, balance)
    this.#state = { ...this.#state, balances: balances.flush() }
    return balance
  }

  /** Moves an amount, which must not be negative, from one holder to another. @throws {ActorError} USR_INSUFFICIENT_FUNDS */
  transfer(from: ActorId, to: ActorId, amount: TokenAmount): void {
    if (from !== to) {
      this.changeBalance(from, -amount)
      this.changeBalance(to, amount)
      return
    }
    const balance = this.balance(from)
    if (balance < amount)
      fail(ExitCode.USR_INSUFFICIENT_FUNDS, `f0${from} has ${balance}, and cannot send ${amount}`)
  }

  /** Changes the total supply. @throws {ActorError} USR_ILLEGAL_STATE where it would be negative */
  changeSupply(delta: TokenAmount): void {
    const supply = this.#state.supply + delta
    if (supply < 0n) fail(ExitCode.USR_ILLEGAL_STATE, 'the total supply would be negative')
    this.#state = { ...this.#state, supply }
  }

  /** What `operator` may spend of what `owner` has. @throws {ActorError} */
  allowance(owner: ActorId, operator: ActorId): TokenAmount {
    const root = this.#allowances().get(owner)
    return (root && this.#amounts(root).get(operator)) ?? 0n
  }

  /**
   * Adds to an allowance, or takes from it, down to zero.
   * @returns what it is then
   * @throws {ActorError}
   */
  changeAllowance(owner: ActorId, operator: ActorId, delta: TokenAmount): TokenAmount {
    if (delta === 0n) return this.allowance(owner, operator)
    const allowances = this.#allowances()
    const root = allowances.get(owner)
    if (root === undefined && delta < 0n) return 0n
    const ofOwner = this.#amounts(root)
    const changed = (ofOwner.get(operator) ?? 0n) + delta
    const allowance = changed > 0n ? changed : 0n
    if (allowance === 0n) ofOwner.delete(operator)
    else ofOwner.set(operator, allowance)
    this.#putAllowances(allowances, owner, ofOwner)
    return allowance
  }

  /**
   * Makes an allowance zero.
   * @returns what it was
   * @throws {ActorError}
   */
  revokeAllowance(owner: ActorId, operator: ActorId): TokenAmount {
    const root = this.#allowances().get(owner)
    if (root === undefined) return 0n
    const ofOwner = this.#amounts(root)
    const old = ofOwner.get(operator) ?? 0n
    ofOwner.delete(operator)
    // The reference writes the owner's map before it opens the map of all owners once more; the order shows in gas only.
    if (!ofOwner.isEmpty) ofOwner.flush()
    this.#putAllowances(this.#allowances(), owner, ofOwner)
    return old
  }

  /**
   * Makes an allowance an amount.
   * @returns what it was
   * @throws {ActorError} USR_ILLEGAL_STATE where the amount is negative
   */
  setAllowance(owner: ActorId, operator: ActorId, amount: TokenAmount): TokenAmount {
    if (amount < 0n) fail(ExitCode.USR_ILLEGAL_STATE, `an allowance cannot be ${amount}`)
    const allowances = this.#allowances()
    const ofOwner = this.#amounts(allowances.get(owner))
    const old = ofOwner.get(operator) ?? 0n
    if (amount === 0n) {
      this.revokeAllowance(owner, operator)
      return old
    }
    ofOwner.set(operator, amount)
    this.#putAllowances(allowances, owner, ofOwner)
    return old
  }

  /**
   * Takes an amount from an allowance. One of zero does not even suffice for an amount of zero, but for the owner's own.
   * @returns what is left of it
   * @throws {ActorError} USR_INSUFFICIENT_FUNDS
   */
  useAllowance(owner: ActorId, operator: ActorId, amount: TokenAmount): TokenAmount {
    const allowance = this.allowance(owner, operator)
    if ((allowance === 0n && operator !== owner) || allowance < amount)
      fail(
        ExitCode.USR_INSUFFICIENT_FUNDS,
        `f0${operator} may spend ${allowance} of f0${owner}, not ${amount}`,
      )
    return amount === 0n ? allowance : this.changeAllowance(owner, operator, -amount)
  }

  #balances(): TokenMap<TokenAmount> {
    return this.#amounts(this.#state.balances)
  }

  #allowances(): TokenMap<Cid> {
    const { allowances, hamtBitWidth } = this.#state
    return TokenMap.load(this.#openStore, allowances, hamtBitWidth, cidCodec)
  }

  /** A map of amounts: that with this root, or a new one. */
  #amounts(root: Cid | undefined): TokenMap<TokenAmount> {
    const { hamtBitWidth } = this.#state
    return root === undefined
      ? TokenMap.create(this.#openStore, hamtBitWidth, tokenAmountCodec)
      : TokenMap.load(this.#openStore, root, hamtBitWidth, tokenAmountCodec)
  }

  /** Puts an owner's map among all of them. One that is empty has no place there. */
  #putAllowances(allowances: TokenMap<Cid>, owner: ActorId, ofOwner: TokenMap<TokenAmount>): void {
    if (ofOwner.isEmpty) allowances.delete(owner)
    else allowances.set(owner, ofOwner.flush())
    this.#state = { ...this.#state, allowances: allowances.flush() }
  }
}
