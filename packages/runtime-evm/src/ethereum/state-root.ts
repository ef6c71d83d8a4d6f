/** @module What Ethereum commits to a state and to logs with. Source: the Yellow Paper, appendix D. */
import type { CryptoProvider } from '@troupe/crypto'
import { encodeRlp, fixedBytes, integerBytes, type RlpItem } from './rlp.ts'
import type { EthereumLog, EthereumState } from './state.ts'

type Hash = Pick<CryptoProvider, 'keccak256'>

/** A key as its halves of bytes, and what stands there. */
interface Entry {
  readonly nibbles: Uint8Array
  readonly value: Uint8Array
}

const EMPTY = new Uint8Array(0)
/** Nodes of fewer bytes stand in their parent instead of their hash. */
const HASH_LENGTH = 32
const TERMINATOR = 0x20
const ODD = 0x10

/** The root of the Merkle Patricia trie of all accounts that are there, 32 bytes. Takes time linear in the size of the whole state. */
export function stateRootOf(state: EthereumState, crypto: Hash): Uint8Array {
  const entries = state.accounts().map((account): Entry => {
    const slots = account.slots.values().filter(({ value }) => value !== 0n)
    const storage = slots.map(({ key, value }) =>
      entryOf(crypto, fixedBytes(key, 32), encodeRlp(integerBytes(value))),
    )
    const record = encodeRlp([
      integerBytes(account.nonce),
      integerBytes(account.balance),
      rootOf([...storage], crypto),
      crypto.keccak256(account.code.bytes),
    ])
    return entryOf(crypto, fixedBytes(account.address, 20), record)
  })
  return rootOf([...entries], crypto)
}

/** The hash of logs in RLP, 32 bytes, as state tests have it. */
export function logsHashOf(logs: readonly EthereumLog[], crypto: Hash): Uint8Array {
  const items = logs.map(
    ({ address, topics, data }): RlpItem => [
      fixedBytes(address, 20),
      topics.map((topic) => fixedBytes(topic, 32)),
      data,
    ],
  )
  return crypto.keccak256(encodeRlp(items))
}

function entryOf(crypto: Hash, key: Uint8Array, value: Uint8Array): Entry {
  const nibbles = new Uint8Array(64)
  crypto.keccak256(key).forEach((byte, index) => {
    nibbles[2 * index] = byte >> 4
    nibbles[2 * index + 1] = byte & 15
  })
  return { nibbles, value }
}

function rootOf(entries: Entry[], crypto: Hash): Uint8Array {
  if (entries.length === 0) return crypto.keccak256(encodeRlp(EMPTY))
  return crypto.keccak256(encodeRlp(nodeOf(entries, 0, crypto)))
}

/** The node of entries that agree in all nibbles before `depth`. All keys have one length, so that none ends in a branch. */
function nodeOf(entries: readonly Entry[], depth: number, crypto: Hash): RlpItem {
  const [first, second] = entries as [Entry, Entry | undefined]
  if (second === undefined) return [pathOf(first.nibbles.subarray(depth), true), first.value]
  let common = depth
  while (entries.every(({ nibbles }) => nibbles[common] === first.nibbles[common])) common++
  if (common > depth) {
    const child = referenceTo(nodeOf(entries, common, crypto), crypto)
    return [pathOf(first.nibbles.subarray(depth, common), false), child]
  }
  const branches = Map.groupBy(entries, ({ nibbles }) => nibbles[depth] as number)
  const children = Array.from({ length: 16 }, (_, nibble): RlpItem => {
    const below = branches.get(nibble)
    return below === undefined ? EMPTY : referenceTo(nodeOf(below, depth + 1, crypto), crypto)
  })
  return [...children, EMPTY]
}

function referenceTo(node: RlpItem, crypto: Hash): RlpItem {
  const bytes = encodeRlp(node)
  return bytes.length < HASH_LENGTH ? node : crypto.keccak256(bytes)
}

/** Nibbles as bytes, with their number's parity and whether they end a key in the first half byte. */
function pathOf(nibbles: Uint8Array, isEnd: boolean): Uint8Array {
  const isOdd = nibbles.length % 2 === 1
  const bytes = new Uint8Array(Math.floor(nibbles.length / 2) + 1)
  bytes[0] = (isEnd ? TERMINATOR : 0) + (isOdd ? ODD + (nibbles[0] as number) : 0)
  for (let index = isOdd ? 1 : 0, at = 1; index < nibbles.length; index += 2, at++) {
    bytes[at] = ((nibbles[index] as number) << 4) | (nibbles[index + 1] as number)
  }
  return bytes
}
