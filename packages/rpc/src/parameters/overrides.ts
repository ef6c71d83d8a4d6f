/** @module What is to be otherwise for a call: of accounts, and of the block. Source: go-ethereum internal/ethapi/override. */
import type { Address } from '@troupe/hypervisor'
import type { BlockContext } from 'troupe'
import { RpcError } from '../errors.ts'
import { toHex } from '../text/hex.ts'
import { invalid, optional, type Reader, reader } from './parameter.ts'
import { address, bytes, hash, objectOf, quantity, recordOf } from './readers.ts'

/** Accounts that a call may find otherwise, and words of storage of each. */
const MAX_ACCOUNTS = 1000
const MAX_WORDS = 10_000

/** What is to be otherwise of one account. */
export interface AccountOverride {
  readonly address: Address
  readonly balance: bigint | undefined
  readonly nonce: bigint | undefined
  readonly code: Uint8Array | undefined
  readonly storage: readonly (readonly [key: bigint, value: bigint])[] | undefined
  /** Whether there is no other storage than that. */
  readonly clearsStorage: boolean
}

const words: Reader<readonly (readonly [bigint, bigint])[]> = reader('words by their keys', (value, at) =>
  recordOf(hash, MAX_WORDS)
    .read(value, at)
    .map(([key, word]) => [BigInt(toHex(hash.read(key, `${at} key`))), BigInt(toHex(word))]),
)

const account = objectOf('what an account is to have', {
  balance: optional(quantity),
  nonce: optional(quantity),
  code: optional(bytes),
  state: optional(words),
  stateDiff: optional(words),
  movePrecompileToAddress: optional(address),
})

/** Accounts by their addresses. */
export const stateOverrides: Reader<readonly AccountOverride[]> = reader(
  'accounts by their addresses',
  (value, at) =>
    recordOf(account, MAX_ACCOUNTS)
      .read(value, at)
      .map(([name, { balance, code, movePrecompileToAddress, nonce, state, stateDiff }]) => {
        const where = `${at}.${name.slice(0, 42)}`
        if (state !== undefined && stateDiff !== undefined)
          throw invalid(where, 'has state and stateDiff, of which one is enough')
        if (movePrecompileToAddress !== undefined)
          throw new RpcError(
            'rpc/unsupported',
            `${where}.movePrecompileToAddress: precompiles stay where they are`,
          )
        return {
          ...{ address: address.read(name, where), balance, nonce, code },
          ...{ storage: state ?? stateDiff, clearsStorage: state !== undefined },
        }
      }),
)

/** What a block on Filecoin does not have, or has by a rule. */
const FIXED = [
  'gasLimit',
  'difficulty',
  'coinbase',
  'feeRecipient',
  'random',
  'prevRandao',
  'blobBaseFee',
  'withdrawals',
  'beaconRoot',
] as const

const block = objectOf('what the block is to have', {
  number: optional(quantity),
  time: optional(quantity),
  baseFee: optional(quantity),
  baseFeePerGas: optional(quantity),
})

/** The block that a call is in. */
export const blockOverrides: Reader<BlockContext> = reader(block.type, (value, at) => {
  const { baseFee, baseFeePerGas, number: epoch, time: timestamp } = block.read(value, at)
  const fixed = FIXED.find((name) => (value as { readonly [name: string]: unknown })[name] !== undefined)
  if (fixed !== undefined)
    throw new RpcError(
      'rpc/unsupported',
      `${at}.${fixed}: no block has another one on Filecoin; number, time and baseFeePerGas can be set`,
    )
  return { epoch, timestamp, baseFee: baseFeePerGas ?? baseFee }
})
