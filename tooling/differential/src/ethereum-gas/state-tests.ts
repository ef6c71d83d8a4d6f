/** @module State tests of ethereum/tests as transactions on a state, as far as a chain can have that state. */
import type { PairAccount, PairTransaction } from './chain-pair.ts'

/** A transaction on a state. */
export interface StateCase {
  /** The test, and the places of data, gas and value in its lists. */
  readonly id: string
  readonly accounts: readonly PairAccount[]
  readonly transaction: PairTransaction
  /** Why a chain cannot have it; `undefined` where it can. */
  readonly obstacle: string | undefined
}

type Fields = Readonly<Record<string, unknown>>

const FORK = 'Cancun'
/** Many tests loop until their gas is gone, of which they have more than a block. */
const MAX_GAS = 100_000_000n
const MAX_BALANCE = 2n ** 128n - 1n
/** For what gas costs on a chain, which is more than in the tests. */
const FOR_FEES = 10n ** 20n
const LAST_RESERVED = 0x100n

/** Reads the cases of a file for Cancun. Access lists, which the chain's transactions do not have, are left out, and limits are at most {@link MAX_GAS}. */
export function readStateCases(text: string): StateCase[] {
  return Object.entries(JSON.parse(text) as Record<string, Fields>).flatMap(([name, test]) => {
    const post = (test['post'] as Record<string, readonly Fields[]>)[FORK] ?? []
    return post.map(({ indexes }) => readCase(name, test, indexes as Record<string, number>))
  })
}

function readCase(name: string, test: Fields, indexes: Readonly<Record<string, number>>): StateCase {
  const fields = test['transaction'] as Fields
  const pick = (field: string, index: string): string =>
    (fields[field] as readonly string[])[indexes[index] ?? 0] as string
  const { to } = fields
  const gasLimit = integer(pick('gasLimit', 'gas'))
  const transaction: PairTransaction = {
    sender: integer(fields['sender']),
    to: to === '' || to === undefined ? undefined : integer(to),
    value: integer(pick('value', 'value')),
    data: bytes(pick('data', 'data')),
    gasLimit: gasLimit > MAX_GAS ? MAX_GAS : gasLimit,
  }
  const accounts = Object.entries(test['pre'] as Record<string, Fields>).map(([address, account]) => {
    const balance = integer(account['balance'])
    const storage = Object.entries(account['storage'] as Record<string, string>)
    return {
      address: integer(address),
      nonce: integer(account['nonce']),
      balance: integer(address) === transaction.sender ? balance + FOR_FEES : balance,
      code: bytes(account['code']),
      storage: storage.map(([key, value]) => [integer(key), integer(value)] as const),
    }
  })
  const id = `${name}/${['data', 'gas', 'value'].map((index) => indexes[index]).join('/')}`
  return { id, accounts, transaction, obstacle: obstacleOf(fields, accounts, transaction) }
}

function obstacleOf(
  fields: Fields,
  accounts: readonly PairAccount[],
  { sender, value }: PairTransaction,
): string | undefined {
  if (fields['blobVersionedHashes'] !== undefined) return 'a transaction with blobs'
  if (value > MAX_BALANCE) return 'more value than actors can be told of'
  for (const { address, balance, code, nonce, storage } of accounts) {
    if (balance > MAX_BALANCE) return 'a balance of more than 2^128-1'
    if (code.length > 0 && address <= LAST_RESERVED)
      return 'a contract at an address that is kept for precompiles'
    if (code.length > 0 && address === sender) return 'a sender with code'
    if (code.length === 0 && storage.length > 0) return 'storage without code'
    if (nonce >= 2n ** 64n - 1n) return 'a nonce that is used up'
  }
  return undefined
}

/** Numbers that are too long for what they stand for have a mark before them. */
function integer(value: unknown): bigint {
  return value === '0x' ? 0n : BigInt(String(value).replace('0x:bigint ', ''))
}

function bytes(value: unknown): Uint8Array {
  return Buffer.from(String(value).slice(2), 'hex')
}
