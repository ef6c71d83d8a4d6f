/** @module Which logs somebody wants. Source: lotus chain/types/ethtypes/eth_types.go `EthFilterSpec`, `EthTopicSpec`. */
import { toEthereumAddress } from '@troupe/hypervisor'
import { type BlockReference, blockNumber } from '../parameters/block-reference.ts'
import { invalid, optional, type Reader, reader } from '../parameters/parameter.ts'
import { address, hash, listOf, objectOf } from '../parameters/readers.ts'
import { type Hex, toHex } from '../text/hex.ts'
import type { BlockLog } from './block-view.ts'

/** Addresses that a filter names, and topics that it names for one place. */
const MAX_CHOICES = 200
/** Places of topics: a log has four. */
const MAX_TOPICS = 4

/** What is asked of a log. */
export interface LogFilter {
  /** Any of these; of any where there are none. */
  readonly addresses: ReadonlySet<string>
  /** For each place any of these; anything where there are none. A log has at least as many topics. */
  readonly topics: readonly ReadonlySet<string>[]
}

/** A filter, and the blocks that it is for. */
export interface LogQuery {
  readonly filter: LogFilter
  readonly from: BlockReference | undefined
  readonly to: BlockReference | undefined
  readonly blockHash: Uint8Array | undefined
}

const addressText: Reader<string> = reader(
  address.type,
  (value, at) => toEthereumAddress(address.read(value, at)) ?? '',
)
const topicText: Reader<string> = reader(hash.type, (value, at) => toHex(hash.read(value, at)))

/** One, or a list of any of which will do. */
function oneOrMore(one: Reader<string>): Reader<ReadonlySet<string>> {
  const many = listOf(one, MAX_CHOICES)
  return reader(
    `${one.type}, or a list of them`,
    (value, at) => new Set(Array.isArray(value) ? many.read(value, at) : [one.read(value, at)]),
  )
}

const criteria = {
  address: optional(oneOrMore(addressText)),
  topics: optional(listOf(optional(oneOrMore(topicText)), MAX_TOPICS)),
}
const NONE: ReadonlySet<string> = new Set()

function toFilter({
  address: addresses = NONE,
  topics = [],
}: {
  address: ReadonlySet<string> | undefined
  topics: readonly (ReadonlySet<string> | undefined)[] | undefined
}): LogFilter {
  return { addresses, topics: topics.map((choices = NONE) => choices) }
}

/** A filter without blocks, for what is to come. */
export const logFilter: Reader<LogFilter> = reader('a filter', (value, at) =>
  toFilter(objectOf('a filter', criteria).read(value, at)),
)

/** A filter of logs, as `eth_getLogs` takes it. */
export const logQuery: Reader<LogQuery> = reader('a filter', (value, at) => {
  const {
    blockHash,
    fromBlock: from,
    toBlock: to,
    ...rest
  } = objectOf('a filter', {
    ...criteria,
    fromBlock: optional(blockNumber),
    toBlock: optional(blockNumber),
    blockHash: optional(hash),
  }).read(value, at)
  if (blockHash !== undefined && (from ?? to) !== undefined)
    throw invalid(at, 'has a blockHash, and fromBlock or toBlock too')
  return { filter: toFilter(rest), from, to, blockHash }
})

/** Whether a log is one that is wanted. */
export function isWanted(
  { addresses, topics }: LogFilter,
  log: Pick<BlockLog, 'address' | 'topics'>,
): boolean {
  if (addresses.size > 0 && !addresses.has(log.address)) return false
  if (topics.length > log.topics.length) return false
  return topics.every((choices, place) => choices.size === 0 || choices.has(log.topics[place] as Hex))
}
