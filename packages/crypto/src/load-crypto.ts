import type { CryptoProvider } from './provider.ts'

/**
 * Loads the portable provider: hashes in Wasm, curves in JavaScript. It runs wherever there is WebAssembly, browsers included.
 *
 * Each call makes a provider of its own with Wasm instances of its own. The returned methods are synchronous.
 */
export async function loadCrypto(): Promise<CryptoProvider> {
  // Here and not above: most of what imports this package has its provider from elsewhere, and needs no library of cryptography.
  const [{ HASH_LIBRARIES, loadHashes }, curves] = await Promise.all([
    import('./hashes.ts'),
    import('./curves.ts'),
  ])
  return {
    name: 'portable',
    implementations: {
      ...HASH_LIBRARIES,
      secp256k1: curves.CURVES_LIBRARY,
      ed25519: curves.CURVES_LIBRARY,
      bls: curves.CURVES_LIBRARY,
    },
    ...(await loadHashes()),
    secp256k1Recover: curves.secp256k1Recover,
    secp256k1Verify: curves.secp256k1Verify,
    secp256k1Sign: curves.secp256k1Sign,
    ed25519Verify: curves.ed25519Verify,
    blsVerify: curves.blsVerify,
    blsAggregate: curves.blsAggregate,
  }
}
