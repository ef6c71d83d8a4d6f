import type { CryptoProvider } from '@troupe/crypto'

/** Bytes of a bloom filter. */
const BLOOM_LENGTH = 256
/** Bits that a value sets. */
const BITS_OF_VALUE = 3

/** Ethereum's filter over what logs have: a search for an address or a topic can leave out what is certainly not there. 2,048 bits. */
export class Bloom {
  readonly bytes: Uint8Array = new Uint8Array(BLOOM_LENGTH)
  readonly #crypto: CryptoProvider

  constructor(crypto: CryptoProvider) {
    this.#crypto = crypto
  }

  /** Adds an address or a topic. */
  add(value: Uint8Array): void {
    const hash = this.#crypto.keccak256(value)
    for (let pair = 0; pair < 2 * BITS_OF_VALUE; pair += 2) {
      const bit = (((hash[pair] ?? 0) << 8) | (hash[pair + 1] ?? 0)) % (8 * BLOOM_LENGTH)
      const at = BLOOM_LENGTH - 1 - (bit >> 3)
      this.bytes[at] = (this.bytes[at] ?? 0) | (1 << (bit & 7))
    }
  }
}
