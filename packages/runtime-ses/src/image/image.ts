import type { CryptoProvider } from '@troupe/crypto'
import { type Cid, cidOf, DAG_CBOR, decodeIpld, encodeIpld, IpldError } from '@troupe/ipld'
import { SesError } from '../errors.ts'
import { CHUNK_SIZE, type MemoryRun, memoryRuns, PAGE_SIZE, Snapshot } from './snapshot.ts'

/** The form of an image's block. */
const FORMAT = 2n
/** An image of more is none of ours, whatever its CID. */
const MAXIMUM_PAGES = 1024n

/** What the host calls in an image: pointers, and values of the engine that it keeps there. */
export interface ImageRoots {
  /** Pointers to the engine's context and runtime. */
  readonly context: number
  readonly runtime: number
  /** What the host script gave. */
  readonly prepare: bigint
  readonly begin: bigint
  readonly beginUpgrade: bigint
  readonly conclude: bigint
  readonly where: bigint
}

/** An engine that has booted, as an instance can be made it. */
export interface Image {
  readonly snapshot: Snapshot
  readonly roots: ImageRoots
}

/**
 * The block of an image, and its CID (DAG-CBOR, blake2b-256): the tuple `[2, pages, globals, roots, runs]`, of the number of the memory's pages, the integers that
 * its mutable globals are, `[context, runtime, prepare, begin, beginUpgrade, conclude, where]` as unsigned integers, and `[offset, bytes]` of each longest run of chunks (4 KiB) that are not all zeros.
 */
export function encodeImage(
  memory: Uint8Array,
  globals: readonly number[],
  roots: ImageRoots,
): Uint8Array<ArrayBuffer> {
  const { context, runtime, prepare, begin, beginUpgrade, conclude, where } = roots
  const values = [prepare, begin, beginUpgrade, conclude, where].map((value) => BigInt.asUintN(64, value))
  return encodeIpld([
    FORMAT,
    BigInt(memory.length / PAGE_SIZE),
    globals.map(BigInt),
    [BigInt(context), BigInt(runtime), ...values],
    memoryRuns(memory).map(({ offset, bytes }) => [BigInt(offset), bytes]),
  ])
}

/** The CID of an image's block. */
export function imageCid(crypto: Pick<CryptoProvider, 'blake2b'>, block: Uint8Array): Cid {
  return cidOf(crypto as CryptoProvider, DAG_CBOR, block)
}

/** @param block kept: the memory is a part of it @throws {SesError} ses/malformed-image */
export function decodeImage(block: Uint8Array): Image {
  const value = decoded(block)
  if (!Array.isArray(value) || value.length !== 5 || value[0] !== FORMAT) throw malformed('its form')
  const [, pages, globals, roots, runs] = value as readonly unknown[]
  if (typeof pages !== 'bigint' || pages < 1n || pages > MAXIMUM_PAGES) throw malformed('its pages')
  if (!isIntegers(globals)) throw malformed('its globals')
  if (!isIntegers(roots) || roots.length !== 7) throw malformed('its roots')
  const length = Number(pages) * PAGE_SIZE
  const [context, runtime, prepare, begin, beginUpgrade, conclude, where] = roots.map((root) =>
    BigInt.asIntN(64, root),
  ) as [bigint, bigint, bigint, bigint, bigint, bigint, bigint]
  return {
    snapshot: Snapshot.of(length, globals.map(Number), readRuns(runs, length)),
    roots: {
      context: Number(context),
      runtime: Number(runtime),
      prepare,
      begin,
      beginUpgrade,
      conclude,
      where,
    },
  }
}

function readRuns(runs: unknown, length: number): MemoryRun[] {
  if (!Array.isArray(runs)) throw malformed('its memory')
  let end = 0
  return runs.map((run: unknown): MemoryRun => {
    const [at, bytes] = Array.isArray(run) && run.length === 2 ? (run as readonly unknown[]) : []
    if (typeof at !== 'bigint' || !(bytes instanceof Uint8Array)) throw malformed('its memory')
    const offset = Number(at)
    const isWhole = offset % CHUNK_SIZE === 0 && bytes.length % CHUNK_SIZE === 0 && bytes.length > 0
    if (!isWhole || offset < end || offset + bytes.length > length) throw malformed('its memory')
    end = offset + bytes.length
    return { offset, bytes }
  })
}

function isIntegers(value: unknown): value is readonly bigint[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'bigint')
}

function decoded(block: Uint8Array): unknown {
  try {
    return decodeIpld(block)
  } catch (error) {
    if (error instanceof IpldError) throw new SesError('ses/malformed-image', error.message, { cause: error })
    throw error
  }
}

function malformed(what: string): SesError {
  return new SesError('ses/malformed-image', `an image that has not ${what} right`)
}
