/** @module Words of 32 bytes, written and read. */
import { SdkError } from '@troupe/sdk-js'

/** Bytes of a word. */
export const WORD = 32
const LIMB = 64n
const MAX_LIMB = 2n ** LIMB

/** What calldata is written to. It grows; what is reserved is zero. */
export class AbiWriter {
  #bytes = new Uint8Array(8 * WORD)
  #view = new DataView(this.#bytes.buffer)
  #length = 0

  get length(): number {
    return this.#length
  }

  /** Makes room at the end, and says where it begins. */
  reserve(size: number): number {
    const at = this.#length
    this.#length += size
    if (this.#length > this.#bytes.length) {
      const grown = new Uint8Array(2 * this.#length)
      grown.set(this.#bytes.subarray(0, at))
      this.#bytes = grown
      this.#view = new DataView(grown.buffer)
    }
    return at
  }

  /** Writes a number as a word, modulo 2^256. */
  word(at: number, value: bigint): void {
    const view = this.#view
    view.setBigUint64(at + 24, value)
    if (value >= 0n && value < MAX_LIMB) return
    view.setBigUint64(at + 16, value >> LIMB)
    view.setBigUint64(at + 8, value >> (2n * LIMB))
    view.setBigUint64(at, value >> (3n * LIMB))
  }

  uint32(at: number, value: number): void {
    this.#view.setUint32(at, value)
  }

  bytes(at: number, data: Uint8Array): void {
    this.#bytes.set(data, at)
  }

  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }
}

/** How many times as much may be read as there is. Offsets may lead to the same place, and lists of lists that do unfold to more than any gas reads. */
const MAX_READINGS = 16

/** What is read, from a position in some bytes on. Positions count from there. */
export class AbiReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  /** Bytes that may still be read. */
  #left: number

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#left = MAX_READINGS * bytes.length
  }

  get length(): number {
    return this.#bytes.length
  }

  /** @throws {SdkError} abi/malformed beyond the end */
  word(at: number): bigint {
    this.#expect(at, WORD)
    const view = this.#view
    const high = view.getBigUint64(at)
    const upper = view.getBigUint64(at + 8)
    const lower = view.getBigUint64(at + 16)
    const low = view.getBigUint64(at + 24)
    if (high === 0n && upper === 0n && lower === 0n) return low
    return (((((high << LIMB) | upper) << LIMB) | lower) << LIMB) | low
  }

  /** A word that says how much there is, or where. It is no more than there are bytes. @throws {SdkError} abi/malformed */
  size(at: number): number {
    const value = this.word(at)
    if (value > BigInt(this.length)) malformed(`a length or an offset of ${value}`)
    return Number(value)
  }

  /** Bytes, and zeros up to a whole word. @throws {SdkError} abi/malformed */
  bytes(at: number, length: number): Uint8Array {
    const padded = Math.ceil(length / WORD) * WORD
    this.#expect(at, padded)
    for (let i = at + length; i < at + padded; i++)
      if (this.#bytes[i] !== 0) malformed('bytes that are not followed by zeros')
    return this.#bytes.slice(at, at + length)
  }

  #expect(at: number, length: number): void {
    if (at + length > this.length)
      malformed(`${this.length} bytes, of which ${at + length} would have to be there`)
    this.#left -= length
    if (this.#left < 0)
      malformed(`${this.length} bytes that unfold to more than ${MAX_READINGS} times as much`)
  }
}

/** @throws {SdkError} abi/malformed */
export function malformed(what: string): never {
  throw new SdkError('abi/malformed', what)
}
