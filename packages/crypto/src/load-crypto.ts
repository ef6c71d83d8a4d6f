import { blsAggregate, blsVerify } from './bls.ts'
import { loadHashes } from './hashes.ts'
import type { CryptoProvider } from './provider.ts'
import { secp256k1Recover, secp256k1Verify } from './secp256k1.ts'
import { MAX_SHORT_SHA256 } from './short-sha256.ts'

/** What the reports say; a test compares both with the installed packages. */
const HASH_WASM = 'hash-wasm 4.13.0'
const NOBLE_CURVES = '@noble/curves 2.4.0'

/**
 * Loads the portable provider: hashes in Wasm, curves in JavaScript. It runs wherever there is WebAssembly, browsers included.
 *
 * Each call makes a provider of its own with Wasm instances of its own. The returned methods are synchronous.
 */
export async function loadCrypto(): Promise<CryptoProvider> {
  return {
    name: 'portable',
    implementations: {
      blake2b: HASH_WASM,
      sha256: `${HASH_WASM}, own code up to ${MAX_SHORT_SHA256} bytes`,
      keccak256: HASH_WASM,
      ripemd160: HASH_WASM,
      secp256k1: NOBLE_CURVES,
      bls: NOBLE_CURVES,
    },
    ...(await loadHashes()),
    secp256k1Recover,
    secp256k1Verify,
    blsVerify,
    blsAggregate,
  }
}
