/**
 * @module The methods of the datacap actor: a fungible token (FRC-0046) whose governor mints it, destroys it, and is one side of every transfer.
 *
 * Source: builtin-actors v18.0.0 actors/datacap/src/lib.rs.
 */

import {
  type Address,
  ATTO_PER_FIL,
  addressEquals,
  ExitCode,
  idAddress,
  SYSTEM_ACTOR_ID,
  type TokenAmount,
} from '@troupe/hypervisor'
import { type ActorContext, ActorError, fail } from '@troupe/runtime-native'
import type {
  BurnFromParameters,
  BurnFromReturn,
  BurnParameters,
  BurnReturn,
  DecreaseAllowanceParameters,
  GetAllowanceParameters,
  IncreaseAllowanceParameters,
  MintReturn,
  RevokeAllowanceParameters,
  TransferFromParameters,
  TransferFromReturn,
  TransferParameters,
  TransferReturn,
} from '../frc46/parameters.ts'
import { callReceiver, type ReceiverHook, Token, tokenStore } from '../frc46/token.ts'
import { createTokenState } from '../frc46/token-state.ts'
import type { DestroyParameters, MintParameters } from './parameters.ts'
import { type DatacapState, datacapStateCodec } from './state.ts'

/** What every amount is a multiple of: tokens are whole. A token stands for a byte. */
export const DATACAP_GRANULARITY: TokenAmount = ATTO_PER_FIL
/** The allowance that Mint gives to operators. */
export const INFINITE_ALLOWANCE: TokenAmount = DATACAP_GRANULARITY * 10n ** 21n

/** Constructor. */
export function construct(context: ActorContext, governor: Address): void {
  context.requireCaller(idAddress(SYSTEM_ACTOR_ID))
  if (context.actors.resolve(governor) === undefined)
    fail(ExitCode.USR_ILLEGAL_ARGUMENT, 'the governor does not exist')
  const token = createTokenState(() => tokenStore(context))
  context.state.create(datacapStateCodec, { governor, token })
}

/** Name. */
export function name(context: ActorContext): string {
  context.acceptAnyCaller()
  return 'DataCap'
}

/** Symbol. */
export function symbol(context: ActorContext): string {
  context.acceptAnyCaller()
  return 'DCAP'
}

/** Granularity. */
export function granularity(context: ActorContext): bigint {
  context.acceptAnyCaller()
  return DATACAP_GRANULARITY
}

/** TotalSupply. */
export function totalSupply(context: ActorContext): TokenAmount {
  context.acceptAnyCaller()
  return context.state.read(datacapStateCodec).token.supply
}

/** Balance. */
export function balance(context: ActorContext, owner: Address): TokenAmount {
  context.acceptAnyCaller()
  return readToken(context).balanceOf(owner)
}

/** Allowance. */
export function allowance(context: ActorContext, { owner, operator }: GetAllowanceParameters): TokenAmount {
  context.acceptAnyCaller()
  return readToken(context).allowance(owner, operator)
}

/** Mint: the governor makes tokens for a client, and lets operators spend them without end. */
export function mint(context: ActorContext, { to, amount, operators }: MintParameters): MintReturn {
  const hook = changeWithHook(context, (token, { governor }, hookIs) => {
    context.requireCaller(governor)
    // What is wrong with the tokens is said only if nothing is wrong with the operators.
    const minted = attempt(() => hookIs(token.mint(governor, to, amount)))
    for (const operator of operators) token.setAllowance(to, operator, INFINITE_ALLOWANCE)
    return minted()
  })
  const state = context.state.read(datacapStateCodec)
  const recipientData = callReceiver(context, hook)
  return { balance: tokenOf(context, state).balanceOf(to), supply: state.token.supply, recipientData }
}

/** Destroy: the governor burns what a client has. */
export function destroy(context: ActorContext, { owner, amount }: DestroyParameters): BurnReturn {
  return changeToken(context, (token, { governor }) => {
    context.requireCaller(governor)
    return token.burn(owner, amount)
  })
}

/** Transfer: to the governor, or by it. */
export function transfer(context: ActorContext, params: TransferParameters): TransferReturn {
  context.acceptAnyCaller()
  const from = idAddress(context.message.caller)
  const to = requireReceiver(context, params.to)
  const hook = changeWithHook(context, (token, { governor }, hookIs) => {
    if (!addressEquals(to, governor) && !addressEquals(from, governor))
      fail(ExitCode.USR_FORBIDDEN, 'neither side of the transfer is the governor')
    return hookIs(token.transfer(from, { ...params, to }))
  })
  const state = context.state.read(datacapStateCodec)
  const recipientData = callReceiver(context, hook)
  const token = tokenOf(context, state)
  return { fromBalance: token.balanceOf(from), toBalance: token.balanceOf(to), recipientData }
}

/** TransferFrom: to the governor, by an operator. */
export function transferFrom(context: ActorContext, params: TransferFromParameters): TransferFromReturn {
  context.acceptAnyCaller()
  const operator = idAddress(context.message.caller)
  const { from } = params
  const to = requireReceiver(context, params.to)
  const hook = changeWithHook(context, (token, { governor }, hookIs) => {
    if (!addressEquals(to, governor))
      fail(ExitCode.USR_FORBIDDEN, 'the receiver of the transfer is not the governor')
    return hookIs(token.transferFrom(operator, { ...params, to }))
  })
  const state = context.state.read(datacapStateCodec)
  const recipientData = callReceiver(context, hook)
  const token = tokenOf(context, state)
  const fromBalance = token.balanceOf(from)
  const toBalance = token.balanceOf(to)
  return { fromBalance, toBalance, allowance: token.allowance(from, operator), recipientData }
}

/** IncreaseAllowance. */
export function increaseAllowance(context: ActorContext, params: IncreaseAllowanceParameters): TokenAmount {
  context.acceptAnyCaller()
  const owner = idAddress(context.message.caller)
  return changeToken(context, (token) => token.increaseAllowance(owner, params.operator, params.increase))
}

/** DecreaseAllowance. */
export function decreaseAllowance(context: ActorContext, params: DecreaseAllowanceParameters): TokenAmount {
  context.acceptAnyCaller()
  const owner = idAddress(context.message.caller)
  return changeToken(context, (token) => token.decreaseAllowance(owner, params.operator, params.decrease))
}

/** RevokeAllowance. */
export function revokeAllowance(context: ActorContext, { operator }: RevokeAllowanceParameters): TokenAmount {
  context.acceptAnyCaller()
  const owner = idAddress(context.message.caller)
  return changeToken(context, (token) => token.revokeAllowance(owner, operator))
}

/** Burn. */
export function burn(context: ActorContext, { amount }: BurnParameters): BurnReturn {
  context.acceptAnyCaller()
  const owner = idAddress(context.message.caller)
  return changeToken(context, (token) => token.burn(owner, amount))
}

/** BurnFrom. */
export function burnFrom(context: ActorContext, { owner, amount }: BurnFromParameters): BurnFromReturn {
  context.acceptAnyCaller()
  const operator = idAddress(context.message.caller)
  return changeToken(context, (token) => token.burnFrom(operator, owner, amount))
}

function readToken(context: ActorContext): Token {
  return tokenOf(context, context.state.read(datacapStateCodec))
}

function tokenOf(context: ActorContext, state: DatacapState): Token {
  return new Token(context, DATACAP_GRANULARITY, state.token)
}

function changeToken<T>(context: ActorContext, change: (token: Token, state: DatacapState) => T): T {
  return context.state.change(datacapStateCodec, (state) => {
    const token = tokenOf(context, state)
    const result = change(token, state)
    state.token = token.state
    return result
  })
}

/**
 * A change after which a receiver has to be called. The reference takes it for impossible that the change fails once it knows about the receiver,
 * and ends the invocation with USR_ASSERTION_FAILED there; that is what a read-only call runs into.
 *
 * @param change calls `hookIs` as soon as there is a hook
 */
function changeWithHook(
  context: ActorContext,
  change: (token: Token, state: DatacapState, hookIs: (hook: ReceiverHook) => ReceiverHook) => ReceiverHook,
): ReceiverHook {
  let isPending = false
  const hookIs = (hook: ReceiverHook): ReceiverHook => {
    isPending = true
    return hook
  }
  try {
    return changeToken(context, (token, state) => change(token, state, hookIs))
  } catch (error) {
    if (error instanceof ActorError && isPending)
      context.panic(`a receiver was not called, because of: ${error.message}`)
    throw error
  }
}

/** Runs something that may fail, and gives what says so later. */
function attempt<T>(run: () => T): () => T {
  try {
    const result = run()
    return () => result
  } catch (error) {
    if (!(error instanceof ActorError)) throw error
    return () => {
      throw error
    }
  }
}

/** The id-address of a receiver, which has to have one. */
function requireReceiver(context: ActorContext, address: Address): Address {
  const id = context.actors.resolve(address)
  return id === undefined ? fail(ExitCode.USR_ILLEGAL_ARGUMENT, 'the receiver has no id') : idAddress(id)
}
