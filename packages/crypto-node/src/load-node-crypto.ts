import { createRequire } from 'node:module'
import type { Bls12381, Bn254, CryptoProvider } from '@troupe/crypto'
import { HASH_LIBRARIES, type Hashes, loadHashes } from '@troupe/crypto/hashes'
import { type Bls, loadMclBls } from './mcl-bls.ts'
import { loadMclBls12381, loadMclBn254 } from './mcl-curve.ts'
import { loadNativeSecp256k1, type Secp256k1 } from './native-secp256k1.ts'
import { once } from './once.ts'
import { findOpensslEd25519, type VerifyEd25519 } from './openssl-ed25519.ts'
import { findOpensslHash, type HashFunction } from './openssl-hash.ts'

/**
 * From how many bytes on OpenSSL is faster than Wasm, measured on Node 22 and 26: entering it costs about a microsecond.
 * RIPEMD-160 has no such size worth the trouble.
 */
const SHA256_THRESHOLD = 128
const KECCAK256_THRESHOLD = 512

/** The Ed25519 method of a {@link CryptoProvider}. */
export type Ed25519 = Pick<CryptoProvider, 'ed25519Verify'>

/** Functions with the name of their library for reports. */
export interface Library<T> {
  readonly name: string
  readonly functions: T
}

/** The portable parts. */
export interface PortableParts {
  readonly hashes: Hashes
  readonly curves: () => Library<Secp256k1 & Ed25519 & Bls>
}

/** What this Node offers beside them. Each is asked for once at most, when it is needed, and throws or gives nothing where there is none. */
export interface NodeParts {
  /** Such as `OpenSSL 3.5.8`. */
  readonly openssl: string
  readonly sha256: () => HashFunction | undefined
  readonly keccak256: () => HashFunction | undefined
  /** May refuse what is valid, and accepts nothing else. */
  readonly ed25519: () => VerifyEd25519 | undefined
  readonly secp256k1: () => Library<Secp256k1>
  readonly bls: (sha256: HashFunction) => Library<Bls>
  /** Whoever needs these curves has portable ones. */
  readonly bn254?: () => Bn254
  readonly bls12381?: () => Bls12381
}

/**
 * Loads the provider for Node: OpenSSL's SHA-256 and Keccak-256 for all but small inputs, libsecp256k1 as a native addon, BLS12-381
 * over mcl, OpenSSL's Ed25519 for what that accepts, everything else portable.
 *
 * What this build of Node or this platform does not have is portable too, and `implementations` says so with the reason. Each call
 * makes a provider of its own. The returned methods are synchronous, and the libraries behind them, but for the hashes in Wasm, are loaded by
 * the first call that needs them: many a process verifies no signature. Asking for `implementations` loads them all.
 */
export async function loadNodeCrypto(): Promise<CryptoProvider> {
  return assembleNodeCrypto(
    { hashes: await loadHashes(), curves: loadPortableCurves },
    {
      openssl: `OpenSSL ${process.versions['openssl']}`,
      sha256: () =>
        findOpensslHash('sha256', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'),
      keccak256: () =>
        findOpensslHash('keccak-256', 'c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470'),
      ed25519: findOpensslEd25519,
      secp256k1: loadNativeSecp256k1,
      bls: loadMclBls,
      bn254: loadMclBn254,
      bls12381: loadMclBls12381,
    },
  )
}

/** Puts a provider together from the portable parts and what this Node offers. */
export function assembleNodeCrypto({ hashes, curves }: PortableParts, parts: NodeParts): CryptoProvider {
  const portable = once(curves)
  const sha256 = hashOf(hashes.sha256, HASH_LIBRARIES.sha256, SHA256_THRESHOLD, parts.sha256, parts.openssl)
  const keccak256 = hashOf(
    hashes.keccak256,
    HASH_LIBRARIES.keccak256,
    KECCAK256_THRESHOLD,
    parts.keccak256,
    parts.openssl,
  )
  const ed25519 = once(parts.ed25519)
  const secp256k1 = once(() => loadOr(portable, parts.secp256k1))
  const bls = once(() => loadOr(portable, () => parts.bls(sha256.hash)))
  const bn254 = once(() => ifLoaded(parts.bn254))
  const bls12381 = once(() => ifLoaded(parts.bls12381))
  return {
    name: 'node',
    get implementations() {
      return {
        blake2b: HASH_LIBRARIES.blake2b,
        sha256: sha256.name(),
        keccak256: keccak256.name(),
        ripemd160: HASH_LIBRARIES.ripemd160,
        secp256k1: secp256k1().name,
        ed25519:
          ed25519() === undefined
            ? `${portable().name} (not in ${parts.openssl})`
            : `node:crypto (${parts.openssl}), ${portable().name} for what that refuses`,
        bls: bls().name,
      }
    },
    blake2b: hashes.blake2b,
    sha256: sha256.hash,
    keccak256: keccak256.hash,
    ripemd160: hashes.ripemd160,
    secp256k1Recover: (digest, signature) => secp256k1().functions.secp256k1Recover(digest, signature),
    secp256k1Verify: (digest, signature, publicKey) =>
      secp256k1().functions.secp256k1Verify(digest, signature, publicKey),
    secp256k1Sign: (digest, secretKey) => secp256k1().functions.secp256k1Sign(digest, secretKey),
    ed25519Verify: (message, signature, publicKey) =>
      ed25519()?.(message, signature, publicKey) === true ||
      portable().functions.ed25519Verify(message, signature, publicKey),
    blsVerify: (signature, messages, publicKeys) =>
      bls().functions.blsVerify(signature, messages, publicKeys),
    blsAggregate: (signatures) => bls().functions.blsAggregate(signatures),
    bn254,
    bls12381,
  }
}

/**
 * Loads a library, or takes the portable one. Whatever keeps it from loading makes it unavailable, and is reported; but for an exhausted stack or
 * memory, which says nothing of the library.
 */
export function loadOr<T>(portable: () => Library<T>, load: () => Library<T>): Library<T> {
  try {
    return load()
  } catch (error) {
    if (error instanceof RangeError) throw error
    const missing = error instanceof Error && 'code' in error ? `${error.code}` : `${error}`
    const { name, functions } = portable()
    return { name: `${name} (faster library did not load: ${missing})`, functions }
  }
}

/** Loads what there is a substitute for elsewhere; `undefined` where it does not load, as in {@link loadOr}. */
function ifLoaded<T>(load: (() => T) | undefined): T | undefined {
  try {
    return load?.()
  } catch (error) {
    if (error instanceof RangeError) throw error
    return undefined
  }
}

/** A hash function in Wasm for inputs shorter than `threshold` bytes, where the cost of entering OpenSSL outweighs its speed, and OpenSSL's for others. */
function hashOf(
  small: HashFunction,
  smallName: string,
  threshold: number,
  find: NodeParts['sha256'],
  openssl: string,
): { readonly hash: HashFunction; readonly name: () => string } {
  const large = once(find)
  return {
    hash: (data) => (data.length < threshold ? small : (large() ?? small))(data),
    name: () =>
      large() === undefined
        ? `${smallName} (not in ${openssl})`
        : `node:crypto (${openssl}), ${smallName} below ${threshold} bytes`,
  }
}

/** The portable curves. Every supported Node takes a module of ES by `require`, which is synchronous. */
export function loadPortableCurves(): Library<Secp256k1 & Ed25519 & Bls> {
  const { CURVES_LIBRARY, ...functions } = createRequire(import.meta.url)(
    '@troupe/crypto/curves',
  ) as typeof import('@troupe/crypto/curves')
  return { name: CURVES_LIBRARY, functions }
}
