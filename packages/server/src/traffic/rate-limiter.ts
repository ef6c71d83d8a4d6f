import type { ServerLimits } from '../limits.ts'
import { TokenBucket } from './token-bucket.ts'

/** A bucket for each address that makes calls. */
export class RateLimiter {
  readonly #limits: Pick<ServerLimits, 'callsPerSecond' | 'callBurst' | 'countedAddresses'>
  readonly #now: () => number
  /** In the order of the last call. */
  readonly #buckets = new Map<string, TokenBucket>()

  /** @param now milliseconds of a clock that never goes back */
  constructor(
    limits: Pick<ServerLimits, 'callsPerSecond' | 'callBurst' | 'countedAddresses'>,
    now: () => number = () => performance.now(),
  ) {
    this.#limits = limits
    this.#now = now
  }

  /** Addresses that are counted at present. */
  get size(): number {
    return this.#buckets.size
  }

  /** Takes so many calls from an address's bucket; see {@link TokenBucket.take}. */
  take(address: string, count: number): number {
    const { callBurst, callsPerSecond, countedAddresses } = this.#limits
    const key = clientKey(address)
    const now = this.#now()
    const bucket = this.#buckets.get(key) ?? new TokenBucket(callsPerSecond, callBurst, now)
    this.#buckets.delete(key)
    this.#buckets.set(key, bucket)
    if (this.#buckets.size > countedAddresses) {
      const [oldest] = this.#buckets.keys()
      if (oldest !== undefined) this.#buckets.delete(oldest)
    }
    return bucket.take(count, now)
  }
}

const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/iu
/** Groups of an IPv6 address that name a network, within which one host may have any address. */
const NETWORK_GROUPS = 4

/** What is counted together: an IPv4 address, or the network of an IPv6 one. */
export function clientKey(address: string): string {
  const mapped = MAPPED_IPV4.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  if (!address.includes(':')) return address
  const [head = '', tail] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  if (tail !== undefined) {
    const after = tail === '' ? [] : tail.split(':')
    while (groups.length + after.length < 8) groups.push('0')
    groups.push(...after)
  }
  return `${groups.slice(0, NETWORK_GROUPS).join(':')}::`
}
