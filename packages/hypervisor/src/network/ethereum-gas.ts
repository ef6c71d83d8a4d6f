/** @module Ethereum's gas instead of the FVM's for what Ethereum has prices for, as a rule of a network. */
import type { Cid } from '@troupe/ipld'
import { ETHEREUM_ADDRESS_MANAGER_ACTOR_ID } from '../address/singletons.ts'
import type { InvocationContext } from '../kernel/kernel.ts'
import type { Manifest } from './manifest.ts'
import type { RuleSet } from './rule-set.ts'

/** What transactions cost by a fork of Ethereum, in gas. What instructions cost there is known to whoever runs contracts. */
export interface EthereumGasRules {
  /** The fork's name, by which the runtime for contracts knows its prices: `cancun`. */
  readonly fork: string
  /** Every transaction. */
  readonly transaction: number
  /** One that makes a contract, besides. */
  readonly creation: number
  /** The code of such a contract's constructor, by word of 32 bytes (EIP-3860). */
  readonly initCodeWord: number
  readonly zeroByte: number
  readonly nonZeroByte: number
  /** What a transaction uses at least for each token of its input: one for a byte that is 0, four for another (EIP-7623). 0 where there is no such floor. */
  readonly floorPerToken: number
  /** Of what was used, one part of so many is given back at most (EIP-3529). */
  readonly refundDivisor: number
}

/** The method of contracts that a transaction calls: FRC-42 of `InvokeEVM`. */
export const INVOKE_CONTRACT = 3_844_450_837n
/** The method of the Ethereum address manager by which a transaction makes a contract. */
export const CREATE_EXTERNAL = 4n
/** Whom a transaction can call that has no code. */
const ACCOUNTS = ['account', 'ethaccount', 'placeholder']

/**
 * The rules of a network of one's own on which contracts, and the messages that are Ethereum's transactions, cost what they cost on Ethereum: a unit of Ethereum's gas is a unit of
 * gas. The reference has nothing like it.
 *
 * A message is a transaction by its method, whoever sends it: a transfer (0), {@link INVOKE_CONTRACT}, or {@link CREATE_EXTERNAL} of the address manager. Its inclusion, calling the
 * receiver, transferring value and returning cost what Ethereum says, and nothing else. The price list does not count for what the actors that stand for Ethereum do: contracts, whose runtime takes
 * Ethereum's prices (`Program.hasOwnPrices`), the address manager and whom it calls, and accounts that are called as contracts are. It counts for all other actors, whoever calls them, and for all other
 * messages.
 *
 * What contracts give back is taken off what the message has used, at the end, if it succeeds.
 *
 * @param rules of generation 4
 */
export function withEthereumGas(rules: RuleSet, ethereumGas: EthereumGasRules): RuleSet {
  return { ...rules, name: `${rules.name}+ethereum-gas`, ethereumGas }
}

/** Whether Ethereum has the prices for an invocation of an actor that has none of its own. */
export function isPricedByEthereum(
  { ethereumGas }: RuleSet,
  manifest: Manifest,
  { caller, method, receiver }: InvocationContext,
  code: Cid,
): boolean {
  if (ethereumGas === undefined) return false
  if (receiver === ETHEREUM_ADDRESS_MANAGER_ACTOR_ID || caller === ETHEREUM_ADDRESS_MANAGER_ACTOR_ID)
    return true
  return method === INVOKE_CONTRACT && ACCOUNTS.some((name) => manifest.is(name, code))
}
