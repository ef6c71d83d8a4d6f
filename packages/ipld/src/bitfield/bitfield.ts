import type { ValueCodec } from '../cbor/value-codec.ts'
import { IpldError } from '../errors.ts'
import {
  appendRange,
  countBits,
  cutEdges,
  EDGE_LIMIT,
  edgesUpTo,
  flipBit,
  mergeEdges,
  sliceEdges,
} from './edges.ts'
import { decodeRlePlus, encodeRlePlus } from './rleplus.ts'

/** The longest RLE+ encoding that is written to or read from CBOR, in bytes. */
export const MAX_BITFIELD_BYTES: number = 32 * 1024

/** The highest bit a bitfield can hold, so that the count of its bits always fits 64 bits. */
export const MAX_BIT: bigint = 2n ** 64n - 2n

/** The bits from `start` up to but not including `end`. Never empty. */
export interface BitRange {
  readonly start: bigint
  readonly end: bigint
}

/**
 * A set of 64-bit numbers held as ranges, cheap where members come in runs: sector numbers, allocations, faults.
 *
 * Positions and counts are unsigned 64-bit: they go in as `bigint` or as a safe integer, and come out as `bigint`. The set operations give
 * new bitfields; `set` and `unset` change the one they are called on.
 *
 * *Cost*: memory in ranges, not bits. Membership is logarithmic in ranges, set operations linear, a change to one bit linear at worst.
 *
 * *Source*: ref-fvm@master ipld/bitfield.
 */
export class Bitfield {
  readonly #edges: bigint[]

  private constructor(edges: bigint[]) {
    this.#edges = edges
  }

  /** A bitfield without bits. */
  static empty(): Bitfield {
    return new Bitfield([])
  }

  /**
   * The bitfield of these bits, in any order, repeated or not.
   * @throws {IpldError} bitfield/out-of-range
   */
  static fromBits(bits: Iterable<number | bigint>): Bitfield {
    const sorted = Array.from(bits, toBit).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    const edges: bigint[] = []
    for (const bit of sorted) {
      const end = edges[edges.length - 1]
      if (end === undefined || bit >= end) appendRange(edges, bit, bit + 1n)
    }
    return new Bitfield(edges)
  }

  /**
   * The bitfield of these ranges, which must ascend without overlapping; they may touch, and may not be empty.
   * @throws {IpldError} bitfield/out-of-range
   */
  static fromRanges(ranges: Iterable<{ start: number | bigint; end: number | bigint }>): Bitfield {
    const edges: bigint[] = []
    for (const range of ranges) {
      const start = toPosition(range.start)
      const end = toPosition(range.end)
      const previous = edges[edges.length - 1] ?? 0n
      if (start >= end || start < previous) {
        throw new IpldError('bitfield/out-of-range', `the range ${start}..${end} after ${previous}`)
      }
      appendRange(edges, start, end)
    }
    return new Bitfield(edges)
  }

  /**
   * Reads RLE+ bytes.
   * @throws {IpldError} bitfield/unsupported-version, bitfield/not-minimal, bitfield/invalid-varint, bitfield/overflow
   */
  static decode(bytes: Uint8Array): Bitfield {
    return new Bitfield(decodeRlePlus(bytes))
  }

  /** The bits that are in any of these. */
  static union(bitfields: Iterable<Bitfield>): Bitfield {
    let union = Bitfield.empty()
    for (const bitfield of bitfields) union = union.union(bitfield)
    return union
  }

  /** The RLE+ bytes of this set. */
  encode(): Uint8Array {
    return encodeRlePlus(this.#edges)
  }

  /** An independent copy. */
  clone(): Bitfield {
    return new Bitfield(this.#edges.slice())
  }

  /**
   * Adds a bit.
   * @throws {IpldError} bitfield/out-of-range above {@link MAX_BIT}
   */
  set(bit: number | bigint): void {
    const position = toBit(bit)
    const index = edgesUpTo(this.#edges, position)
    if (index % 2 === 0) flipBit(this.#edges, index, position)
  }

  /** Takes a bit out, if it is there. */
  unset(bit: number | bigint): void {
    const position = toPosition(bit)
    const index = edgesUpTo(this.#edges, position)
    if (index % 2 === 1) flipBit(this.#edges, index, position)
  }

  /** Whether a bit is in. */
  has(bit: number | bigint): boolean {
    return edgesUpTo(this.#edges, toPosition(bit)) % 2 === 1
  }

  /** How many bits are in. */
  get count(): bigint {
    return countBits(this.#edges)
  }

  /** Whether no bit is in. */
  get isEmpty(): boolean {
    return this.#edges.length === 0
  }

  /** The lowest bit. */
  get first(): bigint | undefined {
    return this.#edges[0]
  }

  /** The highest bit. */
  get last(): bigint | undefined {
    const end = this.#edges[this.#edges.length - 1]
    return end === undefined ? undefined : end - 1n
  }

  /** The ranges of bits that are in, ascending; no two overlap or touch. Do not change the set meanwhile. */
  *ranges(): Generator<BitRange, void, undefined> {
    for (let i = 0; i < this.#edges.length; i += 2) {
      yield { start: this.#edges[i] as bigint, end: this.#edges[i + 1] as bigint }
    }
  }

  /** The bits, ascending. There may be 2^64 - 1 of them from a few bytes: see {@link boundedBits}. Do not change the set meanwhile. */
  *bits(): Generator<bigint, void, undefined> {
    for (const { start, end } of this.ranges()) for (let bit = start; bit < end; bit++) yield bit
  }

  /** The bits, ascending, or `undefined` where there are more than `max`. */
  boundedBits(max: number): bigint[] | undefined {
    return this.count > BigInt(max) ? undefined : Array.from(this.bits())
  }

  /** The bits that are here, there or in both. */
  union(other: Bitfield): Bitfield {
    return new Bitfield(mergeEdges(this.#edges, other.#edges, (here, there) => here || there))
  }

  /** The bits that are here and there. */
  intersection(other: Bitfield): Bitfield {
    return new Bitfield(mergeEdges(this.#edges, other.#edges, (here, there) => here && there))
  }

  /** The bits that are here but not there. */
  difference(other: Bitfield): Bitfield {
    return new Bitfield(mergeEdges(this.#edges, other.#edges, (here, there) => here && !there))
  }

  /** The bits that are in exactly one of the two. */
  symmetricDifference(other: Bitfield): Bitfield {
    return new Bitfield(mergeEdges(this.#edges, other.#edges, (here, there) => here !== there))
  }

  /** What is left when the positions that are set in `other` are cut out and everything above them moves down. */
  cut(other: Bitfield): Bitfield {
    return new Bitfield(cutEdges(this.#edges, other.#edges))
  }

  /**
   * `length` bits from the one numbered `start`, counting the bits that are in, or `undefined` where there are not that many.
   * @throws {IpldError} bitfield/out-of-range where an argument is no unsigned 64-bit number
   */
  slice(start: number | bigint, length: number | bigint): Bitfield | undefined {
    const take = toPosition(length)
    const slice = new Bitfield(sliceEdges(this.#edges, toPosition(start), take))
    return slice.count === take ? slice : undefined
  }

  /** Whether any bit of `other` is here. */
  containsAny(other: Bitfield): boolean {
    return !this.intersection(other).isEmpty
  }

  /** Whether every bit of `other` is here. */
  containsAll(other: Bitfield): boolean {
    return other.difference(this).isEmpty
  }

  /** Whether both hold the same bits. */
  equals(other: Bitfield): boolean {
    return (
      this.#edges.length === other.#edges.length && this.#edges.every((edge, i) => edge === other.#edges[i])
    )
  }
}

/** Bitfields in CBOR: the RLE+ bytes as a byte string of at most {@link MAX_BITFIELD_BYTES}, else `bitfield/too-large` both ways. */
export const bitfieldCodec: ValueCodec<Bitfield> = {
  encode(writer, bitfield) {
    writer.bytes(checkSize(bitfield.encode()))
  },
  decode(reader) {
    return Bitfield.decode(checkSize(reader.bytes()))
  },
}

function checkSize(bytes: Uint8Array): Uint8Array {
  if (bytes.length <= MAX_BITFIELD_BYTES) return bytes
  throw new IpldError('bitfield/too-large', `${bytes.length} bytes of RLE+, at most ${MAX_BITFIELD_BYTES}`)
}

function toPosition(value: number | bigint): bigint {
  const valid =
    typeof value === 'bigint' ? value >= 0n && value < EDGE_LIMIT : Number.isSafeInteger(value) && value >= 0
  if (!valid) throw new IpldError('bitfield/out-of-range', `${value} is not an unsigned 64-bit position`)
  return BigInt(value)
}

function toBit(value: number | bigint): bigint {
  const bit = toPosition(value)
  if (bit > MAX_BIT) throw new IpldError('bitfield/out-of-range', `${bit} is above the highest bit`)
  return bit
}
