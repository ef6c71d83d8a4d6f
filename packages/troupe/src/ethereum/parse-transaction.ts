import { TroupeError, type TroupeErrorCode } from '../errors.ts'
import { decodeRlp, type RlpValue, readRlpInteger } from './rlp.ts'
import {
  EIP1559_TYPE,
  readLegacyV,
  type SignedTransaction,
  type Transaction,
  type TransactionSignature,
} from './transaction.ts'

/** Typed transactions that Ethereum has and Filecoin does not. */
const UNSUPPORTED: ReadonlyMap<number, string> = new Map([
  [1, 'EIP-2930 (an access list)'],
  [3, 'EIP-4844 (blobs)'],
  [4, 'EIP-7702 (code for an account)'],
])
/** The first byte of a list in RLP, with which a transaction of the old form begins. */
const FIRST_LIST = 0xc0
const LEGACY_FIELD_COUNT = 9
const EIP1559_FIELD_COUNT = 12
const ADDRESS_LENGTH = 20
const MAX_UINT64 = 2n ** 64n - 1n
const MAX_INT64 = 2n ** 63n - 1n
const MAX_UINT256 = 2n ** 256n - 1n

/**
 * Reads a raw transaction. Who sent it, and whether it is for this chain, is not looked at.
 *
 * Differs: integers with leading zeros are refused as in Ethereum. Filecoin's nodes drop the zeros, and give the transaction another hash than its sender does.
 * @throws {TroupeError} transaction/unsupported-type, transaction/malformed, transaction/… with the name of the field; rlp/…
 */
export function parseTransaction(raw: Uint8Array): SignedTransaction {
  // A copy, of which all byte strings of the transaction are views; it is no Buffer, whatever was given.
  const bytes = new Uint8Array(raw)
  const [type] = bytes
  if (type === EIP1559_TYPE) return readEip1559(listOf(bytes.subarray(1), EIP1559_FIELD_COUNT))
  if (type !== undefined && type >= FIRST_LIST) return readLegacy(listOf(bytes, LEGACY_FIELD_COUNT))
  const name = type === undefined ? undefined : UNSUPPORTED.get(type)
  if (name !== undefined)
    throw new TroupeError('transaction/unsupported-type', `transactions of ${name} do not exist on Filecoin`)
  if (type !== undefined && type < 0x80)
    throw new TroupeError('transaction/unsupported-type', `there is no type ${type} of transactions`)
  throw new TroupeError('transaction/malformed', 'these bytes are not a transaction')
}

function readLegacy(list: readonly RlpValue[]): SignedTransaction {
  const [nonce, gasPrice, gasLimit, to, value, input, v, r, s] = list
  const said = readLegacyV(integer(v, 'v', MAX_UINT256))
  if (said === undefined) throw refusal('v', 'is neither 27 or 28, nor 35 or more')
  const fields = {
    nonce: integer(nonce, 'nonce', MAX_UINT64),
    gasPrice: integer(gasPrice, 'gasPrice', MAX_UINT256),
    ...readCall(gasLimit, to, value, input),
  }
  const { chainId, yParity } = said
  const transaction: Transaction =
    chainId === undefined ? { kind: 'homestead', ...fields } : { kind: 'eip155', chainId, ...fields }
  return { transaction, signature: readSignature(yParity, r, s) }
}

function readEip1559(list: readonly RlpValue[]): SignedTransaction {
  const [chainId, nonce, premium, feeCap, gasLimit, to, value, input, accessList, v, r, s] = list
  if (!Array.isArray(accessList)) throw refusal('accessList', 'is not a list')
  if (accessList.length > 0) throw refusal('accessList', 'is not empty, and Filecoin has no access lists')
  const transaction: Transaction = {
    kind: 'eip1559',
    chainId: integer(chainId, 'chainId', MAX_UINT64),
    nonce: integer(nonce, 'nonce', MAX_UINT64),
    maxPriorityFeePerGas: integer(premium, 'maxPriorityFeePerGas', MAX_UINT256),
    maxFeePerGas: integer(feeCap, 'maxFeePerGas', MAX_UINT256),
    ...readCall(gasLimit, to, value, input),
  }
  return { transaction, signature: readSignature(Number(integer(v, 'v', 1n)), r, s) }
}

function readCall(
  gasLimit: RlpValue | undefined,
  to: RlpValue | undefined,
  value: RlpValue | undefined,
  input: RlpValue | undefined,
): Pick<Transaction, 'gasLimit' | 'to' | 'value' | 'input'> {
  const receiver = bytesOf(to, 'to')
  if (receiver.length !== 0 && receiver.length !== ADDRESS_LENGTH)
    throw refusal('to', `has ${receiver.length} bytes, and neither none nor ${ADDRESS_LENGTH}`)
  return {
    gasLimit: integer(gasLimit, 'gasLimit', MAX_INT64),
    to: receiver.length === 0 ? undefined : receiver,
    value: integer(value, 'value', MAX_UINT256),
    input: bytesOf(input, 'input'),
  }
}

/** Whether the numbers are within the order of the curve is found out when the sender is recovered. */
function readSignature(
  yParity: number,
  r: RlpValue | undefined,
  s: RlpValue | undefined,
): TransactionSignature {
  return { yParity, r: integer(r, 'r', MAX_UINT256), s: integer(s, 's', MAX_UINT256) }
}

type Field =
  Extract<TroupeErrorCode, `transaction/${string}`> extends `transaction/${infer Name}`
    ? Exclude<Name, 'malformed' | 'unsupported-type'>
    : never

function listOf(bytes: Uint8Array, length: number): readonly RlpValue[] {
  const value = decodeRlp(bytes)
  if (value instanceof Uint8Array || value.length !== length)
    throw new TroupeError('transaction/malformed', `the transaction is not a list of ${length} fields`)
  return value
}

function bytesOf(value: RlpValue | undefined, field: Field): Uint8Array {
  if (!(value instanceof Uint8Array)) throw refusal(field, 'is a list')
  return value
}

function integer(value: RlpValue | undefined, field: Field, maximum: bigint): bigint {
  const bytes = bytesOf(value, field)
  if (bytes.length > 32) throw refusal(field, `has ${bytes.length} bytes`)
  const number = readRlpInteger(bytes)
  if (number === undefined) throw refusal(field, 'has leading zeros')
  if (number > maximum) throw refusal(field, `is ${number}, more than ${maximum}`)
  return number
}

function refusal(field: Field, what: string): TroupeError {
  return new TroupeError(`transaction/${field}`, `${field} of the transaction ${what}`)
}
