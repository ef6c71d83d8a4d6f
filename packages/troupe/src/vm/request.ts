/** @module What a caller says of a message, and the message that it becomes. */
import { CodedError, type CryptoProvider } from '@troupe/crypto'
import {
  Address,
  INVOKE_CONTRACT,
  MESSAGE_VERSION,
  METHOD_SEND,
  type Message,
  methodNumber,
  type TokenAmount,
} from '@troupe/hypervisor'
import { encodeIpld, type IpldValue } from '@troupe/ipld'
import type { Account } from '../accounts/account.ts'
import { findAccount } from '../accounts/find-account.ts'
import type { ActorEdit } from '../chain/edits.ts'
import { TroupeError } from '../errors.ts'
import { type AddressLike, toAddress } from './address-like.ts'

/** A call of an actor, as far as the caller cares. */
export interface CallRequest {
  readonly to: AddressLike
  /** Default: the first account. */
  readonly from?: AddressLike | undefined
  /** attoFIL. Default: 0. */
  readonly value?: TokenAmount | undefined
  /** A number, or the name of an exported method (FRC-42). Default: 0, a transfer. */
  readonly method?: bigint | number | string | undefined
  /** A value, which becomes DAG-CBOR; or a `Uint8Array`, which is encoded already and goes in as it is. Default: none. */
  readonly params?: IpldValue | undefined
  /** Default: what an estimate says, with a margin. */
  readonly gasLimit?: bigint | undefined
}

/** A message, as far as the caller cares. */
export interface MessageRequest extends CallRequest {
  /** attoFIL for one gas, at most. Default: twice the base fee, and the premium. */
  readonly gasFeeCap?: TokenAmount | undefined
  /** attoFIL for one gas, for the block's producer. Default: 0. */
  readonly gasPremium?: TokenAmount | undefined
  /** Default: the sender's next one. */
  readonly sequence?: bigint | undefined
}

/** What becomes of one actor; see `ActorEdit`. */
export type EditRequest = Omit<ActorEdit, 'address'> & { readonly address: AddressLike }

/** Names that methods were called by, by number: the numbers of FRC-42 are made of them, and do not give them back. */
export type MethodSpellings = Map<bigint, string>

/** What the chain says of a message where the caller does not. */
export interface MessageDefaults {
  readonly from: AddressLike | undefined
  readonly sequence: (from: Message['from']) => bigint
  readonly baseFee: TokenAmount
  /** Takes the name of the method. */
  readonly spellings?: MethodSpellings
}

/** The message of a call that is not going to be in a block. The gas limit is left at 0 where the caller gives none. */
export function toCall(
  crypto: CryptoProvider,
  request: CallRequest,
  from: AddressLike | undefined,
  spellings?: MethodSpellings,
): Message {
  if (typeof request !== 'object' || request === null)
    throw new TroupeError('message/malformed', 'what is to be sent is no object, with a receiver as "to"')
  const sender = request.from ?? from
  if (sender === undefined)
    throw new TroupeError('message/from', 'from: the chain has no accounts, so there is no default')
  return {
    version: MESSAGE_VERSION,
    from: toAddress(crypto, sender, 'from'),
    to: toAddress(crypto, request.to, 'to'),
    sequence: 0n,
    value: amount('value', request.value) ?? 0n,
    method: toMethod(crypto, request.method, spellings),
    params: toParams(request.params),
    gasLimit: amount('gasLimit', request.gasLimit) ?? 0n,
    gasFeeCap: 0n,
    gasPremium: 0n,
  }
}

/** The message of a request; see {@link toCall}. */
export function toMessage(
  crypto: CryptoProvider,
  request: MessageRequest,
  defaults: MessageDefaults,
): Message {
  const call = toCall(crypto, request, defaults.from, defaults.spellings)
  const gasPremium = amount('gasPremium', request.gasPremium) ?? 0n
  return {
    ...call,
    sequence: amount('sequence', request.sequence) ?? defaults.sequence(call.from),
    gasPremium,
    gasFeeCap: amount('gasFeeCap', request.gasFeeCap) ?? 2n * defaults.baseFee + gasPremium,
  }
}

/** What a call is most alike by: its receiver and the method. */
export function requestKey({ method, to }: Pick<CallRequest, 'method' | 'to'>): string {
  const receiver = typeof to === 'object' && to !== null && 'address' in to ? to.address : to
  return `${receiver instanceof Address ? receiver.bytes : receiver} ${method ?? METHOD_SEND}`
}

/** Names that are remembered. */
const MAX_SPELLINGS = 10_000

/** Messages of a block of which its key is made. */
const KEYED_MESSAGES = 16

/** What a block is most alike by: its first messages. */
export function blockKey(pending: readonly { readonly message: Message }[]): string {
  return `block of ${pending.slice(0, KEYED_MESSAGES).map(({ message }) => requestKey(message))}`
}

/** A request of an Ethereum account that names no method, as what its transaction can only be: a call of a contract, which a transfer is to Ethereum too. */
export function asTransaction(
  crypto: CryptoProvider,
  accounts: readonly Account[],
  request: MessageRequest,
): MessageRequest {
  const { from, method } = request
  if (method !== undefined || from === undefined) return request
  const isEthereum = findAccount(accounts, toAddress(crypto, from, 'from'))?.isEthereum === true
  return isEthereum ? { ...request, method: INVOKE_CONTRACT } : request
}

function toMethod(
  crypto: CryptoProvider,
  method: CallRequest['method'],
  spellings: MethodSpellings | undefined,
): bigint {
  if (method === undefined) return METHOD_SEND
  if (typeof method === 'string') {
    const number = named('method', () => methodNumber(crypto, method))
    if (spellings !== undefined && spellings.size < MAX_SPELLINGS) spellings.set(number, method)
    return number
  }
  if (typeof method !== 'bigint' && !Number.isSafeInteger(method))
    throw new TroupeError('message/method', `method: ${method} is no method number`)
  const number = BigInt(method)
  if (number < 0n || number > MAX_METHOD)
    throw new TroupeError('message/method', `method: ${number} is not from 0 to 2^64-1`)
  return number
}

function toParams(params: IpldValue | undefined): Uint8Array {
  if (params === undefined) return new Uint8Array()
  return params instanceof Uint8Array ? params : named('params', () => encodeIpld(params))
}

/** An amount that a caller gives; without types it may be anything. */
function amount(
  field: 'value' | 'gasLimit' | 'gasFeeCap' | 'gasPremium' | 'sequence',
  value: bigint | undefined,
): bigint | undefined {
  if (value === undefined || typeof value === 'bigint') return value
  throw new TroupeError(`message/${field}`, `${field}: this is no bigint (${typeof value}); write 5n for 5`)
}

/** What a field gives, with the field named where it gives none. */
function named<T>(field: 'method' | 'params', read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (!(cause instanceof CodedError)) throw cause
    throw new TroupeError(`message/${field}`, `${field}: ${cause.message}`, { cause })
  }
}

const MAX_METHOD = 2n ** 64n - 1n
