import type { StampedEvent } from '@troupe/hypervisor'
import { RAW } from '@troupe/ipld'

/** What a contract logged. */
export interface LogEvent {
  /** 32 bytes each, at most four. */
  readonly topics: readonly Uint8Array[]
  readonly data: Uint8Array
}

const TOPIC_KEYS = ['t1', 't2', 't3', 't4']
const DATA_KEY = 'd'
const TOPIC_LENGTH = 32

/**
 * The log that an actor's event is to Ethereum's tools, or `undefined` where it is none: an entry that is not raw bytes, a topic of another length, twice or left out.
 * Source: lotus chain/types/ethtypes/eth_types.go `EthLogFromEvent`.
 */
export function logOfEvent({ entries }: StampedEvent): LogEvent | undefined {
  const topics: (Uint8Array | undefined)[] = []
  let data: Uint8Array | undefined
  for (const { codec, key, value } of entries) {
    if (codec !== BigInt(RAW)) return undefined
    const position = TOPIC_KEYS.indexOf(key)
    if (position >= 0) {
      if (value.length !== TOPIC_LENGTH || topics[position] !== undefined) return undefined
      topics[position] = value
    } else if (key === DATA_KEY) {
      if (data !== undefined) return undefined
      data = value
    }
  }
  const whole = Array.from(topics)
  if (!whole.every((topic) => topic !== undefined)) return undefined
  return { topics: whole, data: data ?? new Uint8Array() }
}
