/**
 * @module CAR version 1: roots and blocks in one sequence of bytes.
 *
 * Layout: `varint(length) || header`, then for each block `varint(length) || cid || data`. The header is the DAG-CBOR map `{ roots: [CID], version: 1 }`.
 * Source: https://ipld.io/specs/transport/car/carv1/
 */
import type { CryptoProvider } from '@troupe/crypto'
import { type Blockstore, putAll } from '../blockstore/blockstore.ts'
import { verifyBlock } from '../blockstore/verifying.ts'
import { CborReader } from '../cbor/reader.ts'
import { CborWriter } from '../cbor/writer.ts'
import { type Cid, decodeCidAt } from '../cid/cid.ts'
import { varintEnd, varintNumber } from '../cid/varint.ts'
import { IpldError } from '../errors.ts'

/** What reading a CAR accepts at most. */
export interface CarLimits {
  /** Bytes of the header. Default: 1 MiB, some 25,000 roots. */
  readonly maxHeaderBytes?: number
  /** Bytes of one block with its CID. Default: 32 MiB. */
  readonly maxBlockBytes?: number
  /** Number of blocks. Default: 16,777,216. */
  readonly maxBlocks?: number
}

/** What a CAR holds. Blocks stand in the order of the file, repeated where it repeats them. */
export interface Car {
  readonly roots: readonly Cid[]
  readonly blocks: readonly (readonly [Cid, Uint8Array])[]
}

const MAX_HEADER_BYTES = 2 ** 20
const MAX_BLOCK_BYTES = 2 ** 25
const MAX_BLOCKS = 2 ** 24
/** Bytes of the length of a section, at most: a varint below 2^53. */
const MAX_LENGTH_BYTES = 8

/**
 * Reads a CAR and checks each block against its CID (identity, sha2-256 or blake2b-256). Blocks and CIDs are views of `bytes`.
 * @throws {IpldError} car/bad-header, car/unsupported-version, car/bad-varint, car/bad-cid, car/truncated, car/too-large;
 * blockstore/hash-mismatch, blockstore/hash-unsupported
 */
export function decodeCar(bytes: Uint8Array, crypto: CryptoProvider, limits: CarLimits = {}): Car {
  const {
    maxHeaderBytes = MAX_HEADER_BYTES,
    maxBlockBytes = MAX_BLOCK_BYTES,
    maxBlocks = MAX_BLOCKS,
  } = limits
  const header = section(bytes, 0, maxHeaderBytes)
  const roots = decodeHeader(bytes.subarray(header.start, header.end))
  const blocks: [Cid, Uint8Array][] = []
  for (let at = header.end; at < bytes.length; ) {
    if (blocks.length === maxBlocks) throw new IpldError('car/too-large', `more than ${maxBlocks} blocks`)
    const { start, end } = section(bytes, at, maxBlockBytes)
    const [cid, cidEnd] = blockCid(bytes.subarray(start, end))
    const block = bytes.subarray(start + cidEnd, end)
    verifyBlock(crypto, cid, block)
    blocks.push([cid, block])
    at = end
  }
  return { roots, blocks }
}

/**
 * Reads a CAR as {@link decodeCar} does and puts its blocks into a store, after all of them were found right.
 * @returns its roots
 * @throws {IpldError} as {@link decodeCar}
 */
export function loadCar(
  store: Blockstore,
  bytes: Uint8Array,
  crypto: CryptoProvider,
  limits?: CarLimits,
): readonly Cid[] {
  const { roots, blocks } = decodeCar(bytes, crypto, limits)
  putAll(store, blocks)
  return roots
}

/** Writes a CAR. The caller vouches for the blocks. Each is copied when it comes, so that a store may lend it until the next. */
export function encodeCar(
  roots: readonly Cid[],
  blocks: Iterable<readonly [Cid, Uint8Array]>,
): Uint8Array<ArrayBuffer> {
  const car = new CarWriter(roots)
  for (const [cid, block] of blocks) car.add(cid, block)
  return car.finish()
}

/** A CAR that is written block by block. */
export class CarWriter {
  readonly #bytes = new Pieces()

  constructor(roots: readonly Cid[]) {
    const header = new CborWriter().map(2).text('roots').array(roots.length)
    for (const root of roots) header.cid(root)
    this.#bytes.section(header.text('version').uint(1).finish())
  }

  /** Adds a copy of a block, for which the caller vouches. */
  add(cid: Cid, block: Uint8Array): void {
    this.#bytes.section(cid.bytes, block)
  }

  /** The CAR so far. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.joined()
  }
}

/** Bytes of a piece of a CAR, unless one section is larger. */
const PIECE = 262_144

/** Bytes that become a CAR, in pieces that are put together at the end: one array that grows would be copied again and again, and three parts for each block take longer still. */
class Pieces {
  readonly #full: Uint8Array[] = []
  #piece: Uint8Array = new Uint8Array(PIECE)
  /** Bytes of {@link #piece}, and of those before it. */
  #at = 0
  #before = 0

  /** Adds a section of one part or two, behind its length. */
  section(first: Uint8Array, second?: Uint8Array): void {
    const length = first.length + (second?.length ?? 0)
    if (this.#at + length + MAX_LENGTH_BYTES > this.#piece.length) this.#begin(length + MAX_LENGTH_BYTES)
    const bytes = this.#piece
    let at = this.#at
    let rest = length
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes[at++] = (rest % 128) | 0x80
    bytes[at++] = rest
    bytes.set(first, at)
    if (second !== undefined) bytes.set(second, at + first.length)
    this.#at = at + length
  }

  joined(): Uint8Array<ArrayBuffer> {
    const whole = new Uint8Array(this.#before + this.#at)
    let at = 0
    for (const piece of this.#full) {
      whole.set(piece, at)
      at += piece.length
    }
    whole.set(this.#piece.subarray(0, this.#at), at)
    return whole
  }

  #begin(length: number): void {
    this.#full.push(this.#piece.subarray(0, this.#at))
    this.#before += this.#at
    this.#piece = new Uint8Array(Math.max(PIECE, length))
    this.#at = 0
  }
}

/** Reads the length at `at`, and gives where that many bytes start and end. */
function section(bytes: Uint8Array, at: number, maxLength: number): { start: number; end: number } {
  if (at === bytes.length) throw new IpldError('car/truncated', 'there is no header')
  const start = varintEnd(bytes, at, badVarint)
  const length = varintNumber(bytes, at, start)
  if (length > maxLength)
    throw new IpldError('car/too-large', `${length} bytes at ${at}, of at most ${maxLength}`)
  if (length > bytes.length - start)
    throw new IpldError('car/truncated', `${length} bytes announced at ${at}, ${bytes.length - start} there`)
  return { start, end: start + length }
}

function badVarint(what: string): never {
  throw new IpldError('car/bad-varint', what)
}

function blockCid(bytes: Uint8Array): [cid: Cid, end: number] {
  try {
    return decodeCidAt(bytes, 0)
  } catch (cause) {
    throw ifIpldError(cause, 'car/bad-cid', 'a block does not start with a CID')
  }
}

function decodeHeader(bytes: Uint8Array): Cid[] {
  try {
    return readHeader(bytes)
  } catch (cause) {
    throw ifIpldError(cause, 'car/bad-header', 'the header is not that of a CAR')
  }
}

/** Reads the header's map, its keys in any order. */
function readHeader(bytes: Uint8Array): Cid[] {
  const reader = new CborReader(bytes, { exact: true })
  const keys = reader.map()
  let roots: Cid[] | undefined
  let version: number | undefined
  for (let i = 0; i < keys; i++) {
    const key = reader.text()
    if (key === 'version' && version === undefined) version = reader.uint()
    else if (key === 'roots' && roots === undefined)
      roots = Array.from({ length: reader.array() }, () => reader.cid())
    else throw new IpldError('car/bad-header', `the key ${JSON.stringify(key)} in the header`)
  }
  reader.end()
  if (version !== undefined && version !== 1)
    throw new IpldError('car/unsupported-version', `version ${version} of the format`)
  if (version === undefined || roots === undefined)
    throw new IpldError('car/bad-header', 'the header lacks its roots or its version')
  return roots
}

/** The error to throw for `cause`: its own where it is none of this package or one of a CAR. */
function ifIpldError(cause: unknown, code: 'car/bad-cid' | 'car/bad-header', message: string): unknown {
  if (!(cause instanceof IpldError) || cause.code.startsWith('car/')) return cause
  return new IpldError(code, message, { cause })
}
