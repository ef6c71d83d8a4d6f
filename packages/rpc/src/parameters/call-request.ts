import type { Address } from '@troupe/hypervisor'
import { invalid, optional, type Reader, reader } from './parameter.ts'
import { address, bytes, objectOf, quantity } from './readers.ts'

/** What a caller says of a transaction, or of a call that is none. Amounts are attoFIL. */
export interface CallRequest {
  readonly from: Address | undefined
  /** None where a contract is created. */
  readonly to: Address | undefined
  readonly gas: bigint | undefined
  readonly gasPrice: bigint | undefined
  readonly maxFeePerGas: bigint | undefined
  readonly maxPriorityFeePerGas: bigint | undefined
  readonly value: bigint
  readonly input: Uint8Array
  readonly nonce: bigint | undefined
  readonly chainId: bigint | undefined
  readonly type: bigint | undefined
  /** Whether something is listed: Filecoin has no access lists. */
  readonly hasAccessList: boolean
}

const anyList: Reader<number> = reader('a list', (value, at) => {
  if (!Array.isArray(value)) throw invalid(at, 'is no list')
  return value.length
})

const fields = objectOf('a transaction', {
  from: optional(address),
  to: optional(address),
  gas: optional(quantity),
  gasPrice: optional(quantity),
  maxFeePerGas: optional(quantity),
  maxPriorityFeePerGas: optional(quantity),
  value: optional(quantity),
  data: optional(bytes),
  input: optional(bytes),
  nonce: optional(quantity),
  chainId: optional(quantity),
  type: optional(quantity),
  accessList: optional(anyList),
})

/** A transaction, or a call. The bytes may be called `input` or `data`, or both where they are the same. */
export const callRequest: Reader<CallRequest> = reader(fields.type, (value, at) => {
  const { accessList = 0, data, input, value: amount = 0n, ...rest } = fields.read(value, at)
  if (data !== undefined && input !== undefined && String(data) !== String(input))
    throw invalid(at, 'has an input and data, which are not the same')
  if (rest.gasPrice !== undefined && (rest.maxFeePerGas ?? rest.maxPriorityFeePerGas) !== undefined)
    throw invalid(at, 'has a gasPrice, and a maxFeePerGas or maxPriorityFeePerGas too: one of both is enough')
  return { ...rest, value: amount, input: input ?? data ?? new Uint8Array(), hasAccessList: accessList > 0 }
})
