import type { CryptoProvider } from '@troupe/crypto'

/** A store for transformed modules that outlives the process. What it holds is verified when it is read; it may lose entries at any time. */
export interface TransformCache {
  get(key: string): Uint8Array | undefined
  put(key: string, bytes: Uint8Array): void
}

const HASH_LENGTH = 32

/** Reads and writes entries with their hash: `blake2b-256(bytes) || bytes`. */
export class VerifiedCache {
  readonly #cache: TransformCache
  readonly #crypto: CryptoProvider

  constructor(cache: TransformCache, crypto: CryptoProvider) {
    this.#cache = cache
    this.#crypto = crypto
  }

  /** The bytes put last under `key`, or `undefined` where there are none, or others than were put. */
  get(key: string): Uint8Array<ArrayBuffer> | undefined {
    const entry = this.#cache.get(key)
    if (entry === undefined || entry.length < HASH_LENGTH) return undefined
    const bytes = entry.slice(HASH_LENGTH)
    const hash = this.#crypto.blake2b(bytes, HASH_LENGTH)
    return hash.every((byte, i) => byte === entry[i]) ? bytes : undefined
  }

  put(key: string, bytes: Uint8Array): void {
    const entry = new Uint8Array(HASH_LENGTH + bytes.length)
    entry.set(this.#crypto.blake2b(bytes, HASH_LENGTH))
    entry.set(bytes, HASH_LENGTH)
    this.#cache.put(key, entry)
  }

  /** A key of letters, digits and hyphens, short enough for a file name, for what `parts` say. */
  key(parts: readonly unknown[]): string {
    const text = JSON.stringify(parts)
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0))
    const digest = this.#crypto.blake2b(bytes, HASH_LENGTH)
    return `wasm-${[...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
  }
}
