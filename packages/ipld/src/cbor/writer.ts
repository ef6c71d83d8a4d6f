import type { Cid } from '../cid/cid.ts'
import { COMMON_LENGTH } from '../cid/common-cid.ts'
import { IpldError } from '../errors.ts'
import { MAX_BIG_INT_LENGTH } from './reader.ts'
import { encodeUtf8 } from './utf8.ts'

/** Bytes that are copied faster one by one. */
const SHORT_LENGTH = 40
const SPARE_LENGTH = 4_096
/** Buffers that have grown beyond this are not kept. */
const MAX_SPARE_LENGTH = 65_536
const TWO_24 = 0x100_0000
const TWO_32 = 0x1_0000_0000
const TWO_48 = 0x1_0000_0000_0000n
const INT64_MAX = 0x7fff_ffff_ffff_ffffn
const UINT64_MAX = 0xffff_ffff_ffff_ffffn

/**
 * A buffer that no writer writes to, where there is one. Most writers live for a few hundred bytes, and to grow buffers for them took longer than to write. What is in it
 * was written already, and nobody ever sees it.
 */
let spare: Uint8Array<ArrayBuffer> | undefined = new Uint8Array(SPARE_LENGTH)
const NO_BUFFER = new Uint8Array()

/**
 * Writes canonical DAG-CBOR: shortest integers and lengths, definite lengths, CIDs as tag 42. Methods can be chained. The caller counts: an array or map
 * header promises the number of items that follow.
 */
export class CborWriter {
  private buffer: Uint8Array<ArrayBuffer> = NO_BUFFER
  private at = 0

  /** @param capacity about how many bytes are going to be written, where that is known; the buffer grows as needed */
  constructor(capacity = 0) {
    if (capacity > SPARE_LENGTH) this.buffer = new Uint8Array(capacity)
  }

  /** Writes the header of an array of `length` elements. */
  array(length: number): this {
    return this.header(4, length)
  }

  /** Writes the header of a map of `pairs` pairs. The caller writes the keys in canonical order: shorter first, then bytewise. */
  map(pairs: number): this {
    return this.header(5, pairs)
  }

  /**
   * Writes an unsigned integer.
   * @throws {IpldError} cbor/out-of-range where it is not within 0..2^64-1, or a number is not a safe integer
   */
  uint(value: number | bigint): this {
    if (typeof value === 'number') return this.header(0, value)
    if (value < 0n || value > UINT64_MAX) outOfRange(value)
    return this.header64(0, value)
  }

  /**
   * Writes a signed integer.
   * @throws {IpldError} cbor/out-of-range where it does not fit 64 signed bits, or a number is not a safe integer
   */
  int(value: number | bigint): this {
    if (typeof value === 'number') return value < 0 ? this.header(1, -1 - value) : this.header(0, value)
    if (value < -INT64_MAX - 1n || value > INT64_MAX) outOfRange(value)
    return value < 0n ? this.header64(1, -1n - value) : this.header64(0, value)
  }

  /** Writes a byte string. */
  bytes(bytes: Uint8Array): this {
    return this.header(2, bytes.length).raw(bytes)
  }

  /**
   * Writes a text.
   * @throws {IpldError} cbor/out-of-range where it has a lone surrogate, which no UTF-8 can carry
   */
  text(text: string): this {
    const bytes = encodeUtf8(text)
    if (bytes === undefined) throw new IpldError('cbor/out-of-range', 'a text with a lone surrogate')
    return this.header(3, bytes.length).raw(bytes)
  }

  /** Writes a boolean. */
  bool(value: boolean): this {
    return this.byte(value ? 0xf5 : 0xf4)
  }

  /** Writes a null. */
  null(): this {
    return this.byte(0xf6)
  }

  /** Writes a CID: tag 42 over the bytes `00 || cid`. */
  cid(cid: Cid): this {
    const { bytes } = cid
    if (bytes.length !== COMMON_LENGTH)
      return this.header(6, 42)
        .header(2, bytes.length + 1)
        .byte(0)
        .raw(bytes)
    // Half of what a state tree is written as. Headers of known lengths need no choice, and a loop copies 38 bytes in a third of the time of a call.
    this.reserve(COMMON_LENGTH + 5)
    const { buffer } = this
    let at = this.at
    buffer[at++] = 0xd8
    buffer[at++] = 42
    buffer[at++] = 0x58
    buffer[at++] = COMMON_LENGTH + 1
    buffer[at++] = 0
    for (let i = 0; i < COMMON_LENGTH; i++) buffer[at++] = bytes[i] as number
    this.at = at
    return this
  }

  /**
   * Writes an FVM big integer: a byte string, empty for 0, else a sign byte (0 for plus, 1 for minus) and the minimal big-endian magnitude.
   *
   * Source: ref-fvm `shared/src/bigint/bigint_ser.rs`.
   * @throws {IpldError} cbor/out-of-range where that is more than {@link MAX_BIG_INT_LENGTH} bytes
   */
  bigInt(value: bigint): this {
    if (value === 0n) return this.header(2, 0)
    // Six bytes at a time: 48 bits fit a number exactly. Finding the length by a text of digits would take as long as all the rest of an actor's record.
    let top = value < 0n ? -value : value
    let low: number[] | undefined
    for (; top >= TWO_48; top >>= 48n) {
      low ??= []
      low.push(Number(BigInt.asUintN(48, top)))
    }
    const head = Number(top)
    const headLength = byteLength(head)
    const length = 1 + headLength + 6 * (low?.length ?? 0)
    if (length > MAX_BIG_INT_LENGTH)
      throw new IpldError('cbor/out-of-range', `a big integer of ${length} bytes`)
    this.header(2, length).byte(value < 0n ? 1 : 0)
    this.reserve(length)
    this.bigEndian(head, headLength)
    if (low !== undefined) for (let i = low.length - 1; i >= 0; i--) this.bigEndian(low[i] as number, 6)
    return this
  }

  /** Writes bytes as they are: items encoded elsewhere. */
  raw(bytes: Uint8Array): this {
    const { length } = bytes
    this.reserve(length)
    const { buffer, at } = this
    if (length > SHORT_LENGTH) buffer.set(bytes, at)
    else for (let i = 0; i < length; i++) buffer[at + i] = bytes[i] as number
    this.at = at + length
    return this
  }

  /** Writes a part of some bytes as it is. */
  part(bytes: Uint8Array, start: number, end: number): this {
    this.reserve(end - start)
    const { buffer } = this
    let at = this.at
    for (let i = start; i < end; i++) buffer[at++] = bytes[i] as number
    this.at = at
    return this
  }

  /** Bytes written since the last {@link finish}. */
  get length(): number {
    return this.at
  }

  /** Whether the bytes from `half` on are the same as those before. */
  repeatsAt(half: number): boolean {
    const { buffer, at } = this
    if (at !== half * 2) return false
    for (let i = 0; i < half; i++) if (buffer[i] !== buffer[half + i]) return false
    return true
  }

  /** What was written. The array is the caller's; the writer starts anew. */
  finish(): Uint8Array<ArrayBuffer> {
    const bytes = this.buffer.slice(0, this.at)
    this.at = 0
    const { length } = this.buffer
    if (length <= MAX_SPARE_LENGTH && length > (spare?.length ?? 0)) spare = this.buffer
    this.buffer = NO_BUFFER
    return bytes
  }

  /** Forgets what was written since the last {@link finish}. */
  reset(): this {
    this.at = 0
    return this
  }

  private byte(value: number): this {
    this.reserve(1)
    this.buffer[this.at++] = value
    return this
  }

  private header(major: number, argument: number): this {
    if (!Number.isSafeInteger(argument) || argument < 0) outOfRange(argument)
    this.reserve(9)
    const buffer = this.buffer
    const type = major << 5
    let at = this.at
    if (argument < 24) buffer[at++] = type | argument
    else if (argument < 0x100) {
      buffer[at++] = type | 24
      buffer[at++] = argument
    } else if (argument < 0x10000) {
      buffer[at++] = type | 25
      buffer[at++] = argument >> 8
      buffer[at++] = argument
    } else if (argument < TWO_32) {
      buffer[at++] = type | 26
      at = this.word(at, argument)
    } else {
      buffer[at++] = type | 27
      at = this.word(this.word(at, Math.floor(argument / TWO_32)), argument % TWO_32)
    }
    this.at = at
    return this
  }

  private header64(major: number, argument: bigint): this {
    if (argument <= 0xffff_ffffn) return this.header(major, Number(argument))
    this.reserve(9)
    this.buffer[this.at] = (major << 5) | 27
    this.at = this.word(this.word(this.at + 1, Number(argument >> 32n)), Number(argument & 0xffff_ffffn))
    return this
  }

  /** Writes 32 bits, big-endian, where there is room already. */
  private word(at: number, value: number): number {
    this.buffer[at] = value >>> 24
    this.buffer[at + 1] = value >>> 16
    this.buffer[at + 2] = value >>> 8
    this.buffer[at + 3] = value
    return at + 4
  }

  /** Writes the low `length` bytes, at most six, of an integer below 2^48, big-endian, where there is room already. */
  private bigEndian(value: number, length: number): void {
    const { buffer } = this
    const end = this.at + length
    // Halves of 24 bits: shifts of small integers cost a tenth of the remainders of large ones.
    const high = Math.floor(value / TWO_24)
    const low = value - high * TWO_24
    for (let at = end - 1, half = low, shift = 0; at >= this.at; at--) {
      buffer[at] = half >> shift
      shift += 8
      if (shift === 24) {
        half = high
        shift = 0
      }
    }
    this.at = end
  }

  private reserve(length: number): void {
    if (this.at + length > this.buffer.length) this.grow(this.at + length)
  }

  private grow(needed: number): void {
    const { at, buffer } = this
    if (spare !== undefined && spare.length >= needed) {
      this.buffer = spare
      spare = undefined
    } else this.buffer = new Uint8Array(Math.max(needed, buffer.length * 2, 64))
    if (at > 0) this.buffer.set(buffer.subarray(0, at))
  }
}

/** Bytes of an integer above 0 and below 2^48. */
function byteLength(value: number): number {
  if (value >= TWO_32) return value >= 0x100_0000_0000 ? 6 : 5
  return 4 - (Math.clz32(value) >> 3)
}

function outOfRange(value: number | bigint): never {
  throw new IpldError('cbor/out-of-range', `${value} cannot be written`)
}
