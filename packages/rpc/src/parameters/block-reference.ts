import { isJsonObject } from '../protocol/json.ts'
import { invalid, type Reader, reader } from './parameter.ts'
import { boolean, hash, quantity, show } from './readers.ts'

const TAGS = ['latest', 'earliest', 'pending', 'safe', 'finalized'] as const

/** A block that is named by what it is at the moment. */
export type BlockTag = (typeof TAGS)[number]

/** What names a block: a tag, its number, or its hash. */
export type BlockReference =
  | { readonly tag: BlockTag }
  | { readonly number: bigint }
  | { readonly hash: Uint8Array; readonly requireCanonical: boolean }

/** What is meant where no block is named. */
export const LATEST: BlockReference = { tag: 'latest' }

const HASH_TEXT = /^0x[0-9a-fA-F]{64}$/u

/** A block: a tag, a number, a hash, or an object of EIP-1898. */
export const blockReference: Reader<BlockReference> = reader('a block', (value, at) => {
  if (isJsonObject(value)) return readObject(value, at)
  const tag = TAGS.find((known) => known === value)
  if (tag !== undefined) return { tag }
  if (typeof value === 'string' && HASH_TEXT.test(value))
    return { hash: hash.read(value, at), requireCanonical: false }
  return { number: readNumber(value, at) }
})

/** A block on the chain: a tag or a number. */
export const blockNumber: Reader<BlockReference> = reader('a block number', (value, at) => {
  const tag = TAGS.find((known) => known === value)
  return tag === undefined ? { number: readNumber(value, at) } : { tag }
})

function readObject(value: { readonly [name: string]: unknown }, at: string): BlockReference {
  const { blockHash, blockNumber: number, requireCanonical = false } = value
  if ((blockHash === undefined) === (number === undefined))
    throw invalid(at, 'has to have blockNumber or blockHash, and not both')
  if (blockHash === undefined) return { number: readNumber(number, `${at}.blockNumber`) }
  return {
    hash: hash.read(blockHash, `${at}.blockHash`),
    requireCanonical: boolean.read(requireCanonical, `${at}.requireCanonical`),
  }
}

function readNumber(value: unknown, at: string): bigint {
  if (typeof value === 'string' && !/^[0-9]/u.test(value))
    throw invalid(at, `is no block: ${TAGS.join(', ')}, a number or a hash: ${show(value)}`)
  return quantity.read(value, at)
}
