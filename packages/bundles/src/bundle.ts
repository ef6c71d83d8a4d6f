/**
 * @module Reading one bundle: a CAR whose one root is `[1, manifest data]`, where the manifest data is an array of `[name, code CID]`, and
 * an actor's type number is its position from 1.
 *
 * Source: ref-fvm `fvm/src/machine/manifest.rs`, and the releases v9, v10 and v11 of builtin-actors.
 *
 * Differs: names must be unique and printable, CIDs blake2b-256, and the root canonical. Every release is so; the reference does not look.
 */
import type { CryptoProvider } from '@troupe/crypto'
import {
  BLAKE2B_256,
  CborReader,
  CborWriter,
  type Cid,
  cidEquals,
  cidKey,
  cidOf,
  DAG_CBOR,
  IpldError,
  type IpldErrorCode,
  RAW,
} from '@troupe/ipld'
import { decodeCar } from '@troupe/ipld/car'
import { BundleError, type BundleErrorCode } from './errors.ts'
import { BUNDLE_LIMITS, type BundleLimits } from './limits.ts'
import { plainBytes } from './plain-bytes.ts'

/** The one version of manifests there is. */
const MANIFEST_VERSION = 1
/** Names are shown and compared: no spaces, no control characters. */
const ACTOR_NAME = /^[!-~]{1,64}$/

/** What a manifest says of an actor. */
export interface ManifestActor {
  /** Such as `storageminer`. */
  readonly name: string
  /** Raw, blake2b-256: the hash of the Wasm module. */
  readonly code: Cid
}

/** An actor of a bundle, with its code. */
export interface BundledActor extends ManifestActor {
  /** The Wasm module. */
  readonly wasm: Uint8Array
}

/** A bundle, every block of it compared with its CID. */
export interface Bundle {
  /** The CID of the block `[1, manifest data]`. */
  readonly root: Cid
  readonly rootBlock: Uint8Array
  /** The CID by which state trees name the bundle: the System actor holds it. */
  readonly manifestData: Cid
  readonly manifestDataBlock: Uint8Array
  /** In the order of the manifest. */
  readonly actors: readonly BundledActor[]
}

/**
 * Reads a bundle from a CAR. Blocks that its manifest does not name are left out.
 * @throws {BundleError} bundles/not-a-bundle, bundles/malformed, bundles/unsupported-manifest-version, bundles/incomplete, bundles/too-large
 */
export function readBundle(
  car: Uint8Array,
  crypto: CryptoProvider,
  limits: BundleLimits = BUNDLE_LIMITS,
): Bundle {
  const { root, blocks } = readCar(plainBytes(car), crypto)
  const block = (cid: Cid, what: string): Uint8Array => {
    const bytes = blocks.get(cidKey(cid))
    if (!bytes) throw new BundleError('bundles/incomplete', `the CAR lacks ${what}, ${cid}`)
    return bytes
  }
  const rootBlock = block(root, 'its root')
  const manifestData = decodeManifest(rootBlock)
  if (!cidEquals(root, rootOf(manifestData, crypto)))
    throw new BundleError('bundles/not-a-bundle', 'the root is not encoded canonically')
  const manifestDataBlock = block(manifestData, 'the manifest data')
  const actors = decodeManifestData(manifestDataBlock, limits.actors).map((actor) => ({
    ...actor,
    wasm: block(actor.code, `the code of ${actor.name}`),
  }))
  return { root, rootBlock, manifestData, manifestDataBlock, actors }
}

/** The root of the bundle with this manifest data: the one tells the other. */
export function rootOf(manifestData: Cid, crypto: CryptoProvider): Cid {
  const block = new CborWriter().array(2).uint(MANIFEST_VERSION).cid(manifestData).finish()
  return cidOf(crypto, DAG_CBOR, block)
}

/**
 * Decodes the root block of a bundle: `[version, manifest data CID]`.
 * @throws {BundleError} bundles/not-a-bundle, bundles/unsupported-manifest-version
 */
export function decodeManifest(block: Uint8Array): Cid {
  return decoding('the root is no manifest', () => {
    const reader = new CborReader(block)
    reader.tuple(2)
    const version = reader.uint(32)
    if (version !== MANIFEST_VERSION)
      throw new BundleError('bundles/unsupported-manifest-version', `a manifest of version ${version}`)
    const data = reader.cid()
    reader.end()
    checkCid(data, DAG_CBOR, 'manifest data')
    return data
  })
}

/**
 * Decodes manifest data: `[[name, code CID], ...]`.
 * @throws {BundleError} bundles/not-a-bundle, bundles/too-large
 */
export function decodeManifestData(
  block: Uint8Array,
  maxActors: number = BUNDLE_LIMITS.actors,
): ManifestActor[] {
  return decoding('this is no manifest data', () => {
    const reader = new CborReader(block)
    const count = reader.array()
    if (count > maxActors)
      throw new BundleError('bundles/too-large', `a manifest of ${count} actors, over ${maxActors}`)
    const names = new Set<string>()
    const actors = Array.from({ length: count }, (): ManifestActor => {
      reader.tuple(2)
      const name = reader.text()
      if (!ACTOR_NAME.test(name) || names.has(name))
        throw new BundleError(
          'bundles/not-a-bundle',
          `${JSON.stringify(name)} cannot name an actor, or names two`,
        )
      names.add(name)
      const code = reader.cid()
      checkCid(code, RAW, `the code of ${name}`)
      return { name, code }
    })
    reader.end()
    return actors
  })
}

/** Everything in a bundle is addressed by blake2b-256: it can be checked by whoever reads it, and its CID can name a file. */
function checkCid(cid: Cid, codec: number, what: string): void {
  if (
    cid.version !== 1 ||
    cid.code !== codec ||
    cid.multihash.code !== BLAKE2B_256 ||
    cid.multihash.size !== 32
  )
    throw new BundleError('bundles/not-a-bundle', `${what} has a CID of another kind: ${cid}`)
}

/** Turns what the decoders throw into an error of this package. */
function decoding<T>(complaint: string, decode: () => T): T {
  try {
    return decode()
  } catch (cause) {
    if (!(cause instanceof IpldError)) throw cause
    throw new BundleError('bundles/not-a-bundle', complaint, { cause })
  }
}

function readCar(car: Uint8Array, crypto: CryptoProvider): { root: Cid; blocks: Map<string, Uint8Array> } {
  if (!startsAsCar(car)) throw new BundleError('bundles/not-a-bundle', 'neither a release archive nor a CAR')
  try {
    const { roots, blocks } = decodeCar(car, crypto)
    const [root, ...others] = roots
    if (!root || others.length > 0)
      throw new BundleError('bundles/not-a-bundle', `a CAR with ${roots.length} roots; a bundle has one`)
    checkCid(root, DAG_CBOR, 'the root')
    return { root, blocks: new Map(blocks.map(([cid, bytes]) => [cidKey(cid), bytes])) }
  } catch (cause) {
    if (!(cause instanceof IpldError)) throw cause
    throw new BundleError(CAR_FAILURES[cause.code] ?? 'bundles/malformed', `a CAR: ${cause.message}`, {
      cause,
    })
  }
}

/** What the CAR reader refuses, where that is more than damage. */
const CAR_FAILURES: { readonly [code in IpldErrorCode]?: BundleErrorCode } = {
  'car/bad-header': 'bundles/not-a-bundle',
  'car/unsupported-version': 'bundles/not-a-bundle',
  'car/too-large': 'bundles/too-large',
}

/** Whether a map of two keys follows the first varint: tells other files from CARs that end early. */
function startsAsCar(bytes: Uint8Array): boolean {
  const varintLength = bytes.subarray(0, 4).findIndex((byte) => byte < 0x80) + 1
  return varintLength > 0 && bytes[varintLength] === 0xa2
}
