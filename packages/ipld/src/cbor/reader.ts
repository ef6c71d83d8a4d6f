/**
 * @module Reading CBOR as consensus code does: one pass over the bytes, no tree in between, and the acceptance rules of the reference's decoder.
 *
 * The reference decodes blocks, parameters and events with serde_ipld_dagcbor 0.6.4 over cbor4ii 0.2.14, in every generation of the FVM. That decoder
 * is not a canonical one, and what it lets through is a consensus fact. Its rules, found in its source (`de.rs`; cbor4ii `core/dec.rs`) and by
 * running it:
 *
 * - Integers need not be minimal. A 64-bit field takes every width; an 8-, 16- or 32-bit field refuses a wider encoding, even of a small number.
 * - Arrays and maps of indefinite length are refused. Byte strings and texts of indefinite length are taken, chunks within chunks included.
 * - The header of an array, map, byte string, text or tag is compared under a mask that clears the bits of the wanted major type. So a header of another
 *   major type passes where its type's bits are a subset: arrays take major 0; byte strings 0; texts 0, 1, 2; maps 0, 1, 4; tags 0, 2, 4.
 *   Only the byte string inside a CID must be of major 2. Items whose type is looked at first (`exact`) are not affected.
 * - `null` is f6 only; `undefined` is refused. Booleans are f4 and f5 only.
 * - Texts must be UTF-8; map keys may come in any order.
 * - A CID is tag 42 over a byte string: 00, then the CID; bytes after the CID, inside the byte string, are ignored.
 * - No bytes may follow the outermost item.
 */
import type { Cid } from '../cid/cid.ts'
import { decodeCidAt, decodeCommonCid } from '../cid/cid.ts'
import { COMMON_LENGTH } from '../cid/common-cid.ts'
import { IpldError } from '../errors.ts'
import {
  CborCursor,
  MAJOR_ARRAY,
  MAJOR_BYTES,
  MAJOR_MAP,
  MAJOR_NEGATIVE,
  MAJOR_TAG,
  MAJOR_UNSIGNED,
  TAG_CID,
} from './cursor.ts'

/** The longest encoding of an FVM big integer, its sign byte included. */
export const MAX_BIG_INT_LENGTH = 128

const FALSE = 0xf4
const TRUE = 0xf5
const NULL = 0xf6
/** What stands before a CID of the common kind: the tag, the header of a byte string of one byte more, and 00. */
const COMMON_LINK = [0xd8, TAG_CID, 0x58, COMMON_LENGTH + 1, 0] as const

/** A cursor over CBOR bytes. Every method reads the next item and moves on, or throws and leaves the cursor anywhere. */
export class CborReader extends CborCursor {
  /**
   * Reads an array header.
   * @returns the number of elements that follow; never more than there are bytes left
   * @throws {IpldError} cbor/unexpected-type, cbor/malformed
   */
  array(): number {
    return this.count(MAJOR_ARRAY, 1)
  }

  /**
   * Reads the header of an array of exactly `length` elements.
   * @throws {IpldError} cbor/unexpected-type, cbor/malformed
   */
  tuple(length: number): void {
    const found = this.array()
    if (found !== length)
      throw new IpldError('cbor/unexpected-type', `an array of ${found} where ${length} were expected`)
  }

  /**
   * Reads a map header.
   * @returns the number of key-value pairs that follow; never more than half the bytes left
   * @throws {IpldError} cbor/unexpected-type, cbor/malformed
   */
  map(): number {
    return this.count(MAJOR_MAP, 2)
  }

  /**
   * Reads an unsigned integer.
   * @param bits the width of the field
   * @throws {IpldError} cbor/unexpected-type (also where the encoding is wider than the field), cbor/malformed;
   * cbor/out-of-range where the value is above 2^53 - 1
   */
  uint(bits: 8 | 16 | 32 | 64 = 64): number {
    const first = this.peek()
    if (first >> 5 !== MAJOR_UNSIGNED) this.unexpected('an unsigned integer', first)
    this.checkWidth(first, bits)
    this.at++
    const value = this.argument(first & 31)
    if (value > Number.MAX_SAFE_INTEGER || value >= 2 ** bits)
      throw new IpldError('cbor/out-of-range', `an integer beyond ${Math.min(bits, 53)} bits`)
    return value
  }

  /**
   * Reads an unsigned 64-bit integer.
   * @throws {IpldError} cbor/unexpected-type, cbor/malformed
   */
  uint64(): bigint {
    const first = this.peek()
    if (first >> 5 !== MAJOR_UNSIGNED) this.unexpected('an unsigned integer', first)
    this.at++
    return this.argument64(first & 31)
  }

  /**
   * Reads a signed integer.
   * @param bits the width of the field
   * @throws {IpldError} cbor/unexpected-type (also where the encoding is wider than the field), cbor/malformed;
   * cbor/out-of-range where the value does not fit the field, or is beyond +-(2^53 - 1)
   */
  int(bits: 8 | 16 | 32 | 64 = 64): number {
    const first = this.peek()
    if (first >> 5 > MAJOR_NEGATIVE) this.unexpected('an integer', first)
    this.checkWidth(first, bits)
    this.at++
    const argument = this.argument(first & 31)
    const value = first >> 5 === MAJOR_NEGATIVE ? -1 - argument : argument
    if (!Number.isSafeInteger(value) || argument >= 2 ** (bits - 1))
      throw new IpldError('cbor/out-of-range', `an integer beyond ${Math.min(bits, 54)} signed bits`)
    return value
  }

  /**
   * Reads a signed 64-bit integer.
   * @throws {IpldError} cbor/unexpected-type, cbor/malformed; cbor/out-of-range where the value does not fit
   */
  int64(): bigint {
    const first = this.peek()
    if (first >> 5 > MAJOR_NEGATIVE) this.unexpected('an integer', first)
    this.at++
    const argument = this.argument64(first & 31)
    if (argument > 0x7fff_ffff_ffff_ffffn)
      throw new IpldError('cbor/out-of-range', 'an integer beyond 64 signed bits')
    return first >> 5 === MAJOR_NEGATIVE ? -1n - argument : argument
  }

  /**
   * Reads a byte string.
   * @returns a view of the input (a copy where the string came in chunks)
   * @throws {IpldError} cbor/unexpected-type, cbor/malformed, cbor/too-deep
   */
  bytes(): Uint8Array {
    return this.string(MAJOR_BYTES, this.exact)
  }

  /**
   * Reads a text.
   * @throws {IpldError} cbor/unexpected-type, cbor/too-deep; cbor/malformed also where it is not UTF-8
   */
  text(): string {
    return this.utf8(this.exact)
  }

  /**
   * Reads a boolean.
   * @throws {IpldError} cbor/unexpected-type, cbor/malformed
   */
  bool(): boolean {
    const first = this.peek()
    if (first !== FALSE && first !== TRUE) this.unexpected('a boolean', first)
    this.at++
    return first === TRUE
  }

  /**
   * Reads a null if it is the next item.
   * @returns whether it was
   * @throws {IpldError} cbor/malformed
   */
  tryNull(): boolean {
    if (this.peek() !== NULL) return false
    this.at++
    return true
  }

  /**
   * Reads a CID: tag 42 over the bytes `00 || cid`. The CID keeps views of the input.
   * @throws {IpldError} cbor/unexpected-type, cbor/malformed, cid/malformed, cbor/too-deep
   */
  cid(): Cid {
    const common = this.commonCid()
    if (common !== undefined) return common
    const tag = this.header(MAJOR_TAG)
    if (tag !== TAG_CID) throw new IpldError('cbor/unexpected-type', `tag ${tag} where a CID was expected`)
    return decodeCidAt(this.cidBytes(), 1)[0]
  }

  /**
   * Reads an FVM big integer: a byte string, empty for 0, else a sign byte (0 for plus, 1 for minus) and the big-endian magnitude;
   * at most {@link MAX_BIG_INT_LENGTH} bytes. Leading zeros are taken.
   *
   * Source: ref-fvm `shared/src/bigint/bigint_ser.rs`.
   * @throws {IpldError} cbor/unexpected-type, cbor/malformed, cbor/out-of-range, cbor/too-deep
   */
  bigInt(): bigint {
    const bytes = this.bytes()
    if (bytes.length === 0) return 0n
    const sign = bytes[0] as number
    if (sign > 1) throw new IpldError('cbor/malformed', `${sign} is not the sign of a big integer`)
    if (bytes.length > MAX_BIG_INT_LENGTH)
      throw new IpldError('cbor/out-of-range', `a big integer of ${bytes.length} bytes`)
    let magnitude = 0n
    // Six bytes at a time: 48 bits fit a number exactly, and each step costs one allocation.
    for (let at = 1; at < bytes.length; ) {
      const end = Math.min(at + 6, bytes.length)
      const shift = BigInt((end - at) * 8)
      let part = 0
      for (; at < end; at++) part = part * 256 + (bytes[at] as number)
      magnitude = (magnitude << shift) | BigInt(part)
    }
    return sign === 1 ? -magnitude : magnitude
  }

  /** Reads a link as it is written: a CID of the common kind behind headers of the shortest form. Moves on only if it is one. */
  private commonCid(): Cid | undefined {
    const { input, at } = this
    for (let i = 0; i < COMMON_LINK.length; i++) if (input[at + i] !== COMMON_LINK[i]) return undefined
    const cid = decodeCommonCid(input, at + COMMON_LINK.length)
    if (cid !== undefined) this.at = at + COMMON_LINK.length + COMMON_LENGTH
    return cid
  }

  private checkWidth(first: number, bits: number): void {
    const info = first & 31
    if (info > 23 && info < 28 && 8 << (info - 24) > bits && !this.exact)
      throw new IpldError('cbor/unexpected-type', `an integer wider than ${bits} bits`)
  }

  private argument64(info: number): bigint {
    const value = this.argument(info)
    if (value <= Number.MAX_SAFE_INTEGER) return BigInt(value)
    let exact = 0n
    for (let i = this.at - 8; i < this.at; i++) exact = (exact << 8n) | BigInt(this.input[i] as number)
    return exact
  }
}
