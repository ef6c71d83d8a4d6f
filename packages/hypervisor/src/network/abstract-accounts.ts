/** @module Accounts whose own code says which messages are theirs, as a rule of a network. */
import type { MethodNumber } from '../actor/method-number.ts'
import type { ActorId } from '../address/address.ts'
import type { RuleSet } from './rule-set.ts'

/**
 * The exported method `AuthenticateMessage` (FRC-42), by which an account is asked whether a signature is its own. Parameters: CBOR `[signature, message]`, two
 * byte strings; accounts of Filecoin have it too (builtin-actors v18 actors/account/src/lib.rs).
 */
export const AUTHENTICATE_MESSAGE: MethodNumber = 2_643_134_072n

/** The actors of a namespace of f4 addresses, by their names in the manifest. */
export interface AddressNamespace {
  /** The address manager: the actor whose id is the namespace. */
  readonly manager: string
  /** What a placeholder of the namespace becomes by its first message. */
  readonly account: string
}

/** Who sends messages besides Filecoin's accounts, on a network of one's own. */
export interface AbstractAccountRules {
  /** Most gas that an account's code may use to say whether a message is its own. */
  readonly maximumValidationGas: bigint
  /** Namespaces besides Ethereum's at whose addresses a transfer makes a placeholder, by the id of their address manager. */
  readonly namespaces: ReadonlyMap<ActorId, AddressNamespace>
}

/**
 * Ten milliseconds on a machine of the speed that the FVM's prices are made for (ten gas a nanosecond), as much as sixty signatures of secp256k1. It bounds what
 * a message costs that nobody pays for, because its sender's code refuses it.
 */
const MAXIMUM_VALIDATION_GAS = 100_000_000n

/** The rules that {@link withAbstractAccounts} sets unless told otherwise. */
export const ABSTRACT_ACCOUNT_RULES: AbstractAccountRules = {
  maximumValidationGas: MAXIMUM_VALIDATION_GAS,
  namespaces: new Map(),
}

/**
 * The rules of a network of one's own on which any actor sends messages whose code accepts them. The reference has accounts of two signature schemes, and
 * Ethereum's; which actors those are is written into it.
 *
 * A message whose sender is neither an account nor an Ethereum account is the sender's if its code says so: the system actor (f00) calls
 * `AuthenticateMessage` with the data of the message's signature and the encoded message, read-only, with at most `maximumValidationGas`. Anything but a return of
 * CBOR `true` refuses the message as one of a sender that is no account, with the penalty for whoever put it in a block. What the call uses is gas of the message, after
 * its inclusion.
 *
 * The code is given the message and not only its CID, so that it can judge what the message does. It sees the state with the sequence number taken and the greatest
 * fee paid, but changes nothing of it.
 *
 * A sender that deletes itself by its own message has its refund burnt.
 *
 * Messages of accounts and Ethereum accounts are as everywhere: whoever puts them in a block has verified their signatures.
 *
 * @param rules of generation 3 or 4
 * @param bounds in place of those of {@link ABSTRACT_ACCOUNT_RULES}
 */
export function withAbstractAccounts(rules: RuleSet, bounds: Partial<AbstractAccountRules> = {}): RuleSet {
  const abstractAccounts = { ...ABSTRACT_ACCOUNT_RULES, ...bounds }
  const names = [...abstractAccounts.namespaces.values()].flatMap(({ manager, account }) => [
    manager,
    account,
  ])
  return {
    ...rules,
    name: `${rules.name}+abstract-accounts`,
    requiredActors: [...rules.requiredActors, ...names],
    abstractAccounts,
  }
}
