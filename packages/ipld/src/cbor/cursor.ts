import { decodeCidAt } from '../cid/cid.ts'
import { IpldError } from '../errors.ts'
import { decodeUtf8 } from './utf8.ts'

/** CBOR major types. */
export const MAJOR_UNSIGNED = 0
export const MAJOR_NEGATIVE = 1
export const MAJOR_BYTES = 2
export const MAJOR_TEXT = 3
export const MAJOR_ARRAY = 4
export const MAJOR_MAP = 5
export const MAJOR_TAG = 6
export const MAJOR_SIMPLE = 7

/** Levels of nesting that the reference's decoder follows before it refuses. */
export const MAX_CBOR_DEPTH = 256

/** The CBOR tag of a CID. */
export const TAG_CID = 42

const INDEFINITE = 31
const BREAK = 0xff

/** Options of a reader. */
export interface CborReaderOptions {
  /**
   * Compare major types exactly and refuse strings of indefinite length. It is how the reference reads an item whose type it does not know
   * beforehand (the pointers of a HAMT node, and all within them). Default: `false`, as it reads an item of a known type.
   */
  readonly exact?: boolean
}

/** The lexical half of {@link CborReader}: a position in bytes, headers, strings, and passing over items. Its rules are stated at the reader. */
export class CborCursor {
  /** See {@link CborReaderOptions.exact}. May be changed between items. */
  exact: boolean
  protected readonly input: Uint8Array
  protected at = 0

  constructor(bytes: Uint8Array, options: CborReaderOptions = {}) {
    this.input = bytes
    this.exact = options.exact ?? false
  }

  /** Position of the next item. */
  get offset(): number {
    return this.at
  }

  /**
   * The major type of the next item, which stays the next item.
   * @throws {IpldError} cbor/malformed
   */
  peekMajor(): number {
    return this.peek() >> 5
  }

  /**
   * Makes sure that everything is read.
   * @throws {IpldError} cbor/trailing-bytes
   */
  end(): void {
    if (this.at !== this.input.length)
      throw new IpldError('cbor/trailing-bytes', `${this.input.length - this.at} bytes after the last item`)
  }

  /**
   * Passes over one item, checking it as the reference does where it decodes an untyped IPLD value: definite lengths, major types exact,
   * tag 42 only, CIDs well-formed, integers of any width, floats of 32 and 64 bits (any value), `false`, `true` and `null`, texts UTF-8,
   * map keys texts (read leniently) without duplicates in any order. An array or map costs two levels of {@link MAX_CBOR_DEPTH}, all else one.
   *
   * Source: serde_ipld_dagcbor 0.6.4 `src/de.rs` (`deserialize_any`), ipld-core 0.4.3 `src/serde/de.rs`.
   * @throws {IpldError} cbor/malformed, cbor/unexpected-type, cbor/too-deep, cid/malformed
   */
  skip(): void {
    this.skipItem(MAX_CBOR_DEPTH)
  }

  /**
   * Passes over one item as {@link skip} does.
   * @returns its bytes, a view of the input
   * @throws {IpldError} cbor/malformed, cbor/unexpected-type, cbor/too-deep, cid/malformed
   */
  raw(): Uint8Array {
    const start = this.at
    this.skip()
    return this.input.subarray(start, this.at)
  }

  /**
   * Passes over one item of definite length by its headers alone, for bytes that were looked at when they were written, and that will be when they are read.
   * @returns its bytes, a view of the input
   * @throws {IpldError} cbor/malformed
   */
  pass(): Uint8Array {
    const start = this.at
    for (let left = 1; left > 0; left--) {
      const first = this.peek()
      this.at++
      // Of a float that is all of it.
      const argument = this.argument(first & 31)
      const major = first >> 5
      if (major === MAJOR_BYTES || major === MAJOR_TEXT) this.advance(argument)
      else if (major === MAJOR_ARRAY) left += argument
      else if (major === MAJOR_MAP) left += 2 * argument
      else if (major === MAJOR_TAG) left++
    }
    return this.input.subarray(start, this.at)
  }

  protected peek(): number {
    if (this.at >= this.input.length) throw new IpldError('cbor/malformed', 'it ends too early')
    return this.input[this.at] as number
  }

  protected unexpected(wanted: string, first: number): never {
    throw new IpldError('cbor/unexpected-type', `0x${first.toString(16)} where ${wanted} was expected`)
  }

  /** Reads a header that passes for one of `major`, and gives its argument (rounded above 2^53). */
  protected header(major: number): number {
    const first = this.peek()
    const found = first >> 5
    if (found !== major && (this.exact || (found & ~major) !== 0))
      this.unexpected(`major type ${major}`, first)
    this.at++
    return this.argument(first & 31)
  }

  /** Reads the header of an array or map whose elements are of at least `bytesEach` bytes. */
  protected count(major: number, bytesEach: number): number {
    const count = this.header(major)
    if (count * bytesEach > this.input.length - this.at)
      throw new IpldError('cbor/malformed', `${count} elements in ${this.input.length - this.at} bytes`)
    return count
  }

  /** Reads a byte string or text: a view of the input, or a copy where it came in chunks. */
  protected string(major: number, exact: boolean): Uint8Array {
    const first = this.peek()
    if (first === ((major << 5) | INDEFINITE) && !exact) {
      const chunks: Uint8Array[] = []
      this.chunks(major, chunks, MAX_CBOR_DEPTH)
      return concatenate(chunks)
    }
    const found = first >> 5
    if (found !== major && (exact || (found & ~major) !== 0)) this.unexpected(`major type ${major}`, first)
    this.at++
    const length = this.argument(first & 31)
    return this.input.subarray(this.at, this.advance(length))
  }

  /** The bytes of a CID, after its tag: `00 || cid`. They may come in chunks even where all else is read exactly. */
  protected cidBytes(): Uint8Array {
    const first = this.peek()
    if (first >> 5 !== MAJOR_BYTES) this.unexpected('the bytes of a CID', first)
    const bytes = this.string(MAJOR_BYTES, false)
    if (bytes[0] !== 0) throw new IpldError('cid/malformed', 'the bytes of a CID do not start with 00')
    return bytes
  }

  /** The argument of a header whose low five bits are `info`, rounded above 2^53. */
  protected argument(info: number): number {
    if (info < 24) return info
    if (info > 27) throw new IpldError('cbor/malformed', `a header with the additional information ${info}`)
    const input = this.input
    let value = 0
    for (let i = this.at, end = this.advance(1 << (info - 24)); i < end; i++)
      value = value * 256 + (input[i] as number)
    return value
  }

  /** Moves on by `length` bytes, which must be there, and gives the new position. */
  private advance(length: number): number {
    if (length > this.input.length - this.at) throw new IpldError('cbor/malformed', 'it ends too early')
    this.at += length
    return this.at
  }

  /** Reads a string of indefinite length, whose chunks may be of indefinite length themselves. */
  private chunks(major: number, into: Uint8Array[], depthLeft: number): void {
    this.at++
    for (;;) {
      const first = this.peek()
      if (first === BREAK) break
      if (depthLeft === 0) throw new IpldError('cbor/too-deep', 'chunks within chunks')
      if (first === ((major << 5) | INDEFINITE)) this.chunks(major, into, depthLeft - 1)
      else into.push(this.string(major, false))
    }
    this.at++
  }

  private skipItem(depthLeft: number): void {
    if (depthLeft < 1) throw new IpldError('cbor/too-deep', 'items nested too deeply')
    const first = this.peek()
    switch (first >> 5) {
      case MAJOR_UNSIGNED:
      case MAJOR_NEGATIVE:
        this.at++
        this.argument(first & 31)
        return
      case MAJOR_BYTES:
        this.string(MAJOR_BYTES, true)
        return
      case MAJOR_TEXT:
        this.utf8(true)
        return
      case MAJOR_TAG:
        if (this.header(MAJOR_TAG) !== TAG_CID) this.unexpected('a CID', first)
        decodeCidAt(this.cidBytes(), 1)
        return
      case MAJOR_SIMPLE:
        this.at++
        if (first === 0xfa || first === 0xfb) this.advance(first === 0xfa ? 4 : 8)
        else if (first < 0xf4 || first > 0xf6) this.unexpected('an IPLD value', first)
        return
      default:
        if (depthLeft < 2) throw new IpldError('cbor/too-deep', 'items nested too deeply')
        if (first >> 5 === MAJOR_MAP) this.skipPairs(depthLeft - 2)
        else for (let left = this.count(MAJOR_ARRAY, 1); left > 0; left--) this.skipItem(depthLeft - 2)
    }
  }

  private skipPairs(depthLeft: number): void {
    const keys = new Set<string>()
    for (let left = this.count(MAJOR_MAP, 2); left > 0; left--) {
      const key = this.utf8(false)
      if (keys.has(key)) throw new IpldError('cbor/malformed', 'a map key occurs twice')
      keys.add(key)
      this.skipItem(depthLeft)
    }
  }

  protected utf8(exact: boolean): string {
    const text = decodeUtf8(this.string(MAJOR_TEXT, exact))
    if (text === undefined) throw new IpldError('cbor/malformed', 'a text is not UTF-8')
    return text
  }
}

function concatenate(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0))
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}
