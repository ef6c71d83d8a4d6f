/**
 * The hash functions of the portable provider alone.
 *
 * @module
 */
import { createBLAKE2b, createKeccak, createRIPEMD160, createSHA256, type IHasher } from 'hash-wasm'
import type { Blake2bLength, CryptoProvider } from './provider.ts'
import { createShortSha256, MAX_SHORT_SHA256 } from './short-sha256.ts'

const LIBRARY = 'hash-wasm 4.13.0'

/** What is behind each of them, for reports; a test compares it with the installed package. */
export const HASH_LIBRARIES: Readonly<Record<keyof Hashes, string>> = {
  blake2b: LIBRARY,
  sha256: `${LIBRARY}, own code up to ${MAX_SHORT_SHA256} bytes`,
  keccak256: LIBRARY,
  ripemd160: LIBRARY,
}

/** The hash functions of a {@link CryptoProvider}. */
export type Hashes = Pick<CryptoProvider, 'blake2b' | 'sha256' | 'keccak256' | 'ripemd160'>

/**
 * Compiles the hash functions to Wasm instances that are reused by every call.
 *
 * A call runs to its end before another can begin, so one instance for each function and length is enough.
 */
export async function loadHashes(): Promise<Hashes> {
  const short = shortInputs()
  const [blake2b4, blake2b20, blake2b32, blake2b64, sha256, keccak256, ripemd160] = (
    await Promise.all([
      createBLAKE2b(32),
      createBLAKE2b(160),
      createBLAKE2b(256),
      createBLAKE2b(512),
      createSHA256(),
      createKeccak(256),
      createRIPEMD160(),
    ])
  ).map((hasher) => hashWith(hasher, short)) as Tuple7<HashFunction>
  const shortSha256 = createShortSha256()

  return {
    blake2b(data: Uint8Array, length: Blake2bLength): Uint8Array {
      switch (length) {
        case 32:
          return blake2b32(data)
        case 20:
          return blake2b20(data)
        case 4:
          return blake2b4(data)
        case 64:
          return blake2b64(data)
      }
    },
    sha256: (data) => (data.length <= MAX_SHORT_SHA256 ? shortSha256(data) : sha256(data)),
    keccak256,
    ripemd160,
  }
}

type HashFunction = (data: Uint8Array) => Uint8Array
type Tuple7<T> = [T, T, T, T, T, T, T]

/** Bytes of an array whose memory lies in the engine's heap, at most. Wasm can be given it only once the engine has moved it out, which takes as long as hashing it. */
const MAX_IN_HEAP = 64

/** Room outside of the heap for short inputs: a view for each length. A call copies its input there, and has done with it when it ends. */
function shortInputs(): Uint8Array[] {
  const memory = new ArrayBuffer(MAX_IN_HEAP)
  return Array.from({ length: MAX_IN_HEAP + 1 }, (_, length) => new Uint8Array(memory, 0, length))
}

function hashWith(hasher: IHasher, short: readonly Uint8Array[]): HashFunction {
  return (data) => {
    const room = short[data.length]
    room?.set(data)
    return hasher
      .init()
      .update(room ?? data)
      .digest('binary')
  }
}
