import { type CryptoProvider, loadCrypto } from '@troupe/crypto'
import { type Bls, loadMclBls } from './mcl-bls.ts'
import { loadNativeSecp256k1, type Secp256k1 } from './native-secp256k1.ts'
import { bySize, findOpensslHash, type HashFunction } from './openssl-hash.ts'

/**
 * From how many bytes on OpenSSL is faster than Wasm, measured on Node 22 and 26: entering it costs about a microsecond.
 * RIPEMD-160 has no such size worth the trouble.
 */
const SHA256_THRESHOLD = 128
const KECCAK256_THRESHOLD = 512

/** An implementation with its name for reports, or why there is none. */
export type Attempt<T> = ({ readonly name: string } & T) | { readonly missing: string }

/** What this Node offers beside the portable provider. */
export interface NodeParts {
  /** Such as `OpenSSL 3.5.8`. */
  readonly openssl: string
  readonly sha256: HashFunction | undefined
  readonly keccak256: HashFunction | undefined
  readonly secp256k1: Attempt<{ readonly secp256k1: Secp256k1 }>
  readonly bls: Attempt<{ readonly bls: Bls }>
}

/**
 * Loads the provider for Node: OpenSSL's SHA-256 and Keccak-256 for all but small inputs, libsecp256k1 as a native addon, BLS12-381
 * over mcl, everything else portable.
 *
 * What this build of Node or this platform does not have is portable too, and `implementations` says so with the reason. Each call
 * makes a provider of its own. The returned methods are synchronous.
 */
export async function loadNodeCrypto(): Promise<CryptoProvider> {
  const portable = await loadCrypto()
  const sha256 = findOpensslHash('sha256', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  const keccak256 = findOpensslHash(
    'keccak-256',
    'c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470',
  )
  return assembleNodeCrypto(portable, {
    openssl: `OpenSSL ${process.versions['openssl']}`,
    sha256,
    keccak256,
    secp256k1: await attempt(loadNativeSecp256k1),
    bls: await attempt(() => loadMclBls(sha256 ?? portable.sha256)),
  })
}

/** Runs a loader. Whatever keeps a library from loading makes it unavailable, and is reported. */
export async function attempt<T>(
  load: () => ({ readonly name: string } & T) | Promise<{ readonly name: string } & T>,
): Promise<Attempt<T>> {
  try {
    return await load()
  } catch (error) {
    return { missing: error instanceof Error && 'code' in error ? `${error.code}` : `${error}` }
  }
}

/** Puts a provider together from the portable one and what this Node offers. */
export function assembleNodeCrypto(portable: CryptoProvider, parts: NodeParts): CryptoProvider {
  const { implementations: names } = portable
  const secp256k1 = 'secp256k1' in parts.secp256k1 ? parts.secp256k1.secp256k1 : portable
  const bls = 'bls' in parts.bls ? parts.bls.bls : portable
  return {
    name: 'node',
    implementations: {
      blake2b: names.blake2b,
      sha256: hashName(names.sha256, parts.sha256, parts.openssl, SHA256_THRESHOLD),
      keccak256: hashName(names.keccak256, parts.keccak256, parts.openssl, KECCAK256_THRESHOLD),
      ripemd160: names.ripemd160,
      secp256k1: libraryName(names.secp256k1, parts.secp256k1),
      bls: libraryName(names.bls, parts.bls),
    },
    blake2b: portable.blake2b,
    sha256: parts.sha256 ? bySize(portable.sha256, SHA256_THRESHOLD, parts.sha256) : portable.sha256,
    keccak256: parts.keccak256
      ? bySize(portable.keccak256, KECCAK256_THRESHOLD, parts.keccak256)
      : portable.keccak256,
    ripemd160: portable.ripemd160,
    secp256k1Recover: secp256k1.secp256k1Recover,
    secp256k1Verify: secp256k1.secp256k1Verify,
    blsVerify: bls.blsVerify,
    blsAggregate: bls.blsAggregate,
  }
}

function hashName(
  portable: string,
  found: HashFunction | undefined,
  openssl: string,
  threshold: number,
): string {
  return found
    ? `node:crypto (${openssl}), ${portable} below ${threshold} bytes`
    : `${portable} (not in ${openssl})`
}

function libraryName(portable: string, library: Attempt<object>): string {
  return 'missing' in library ? `${portable} (faster library did not load: ${library.missing})` : library.name
}
