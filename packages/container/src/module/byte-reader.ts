import { decodeUtf8 } from '@troupe/ipld'
import { ContainerError } from '../errors.ts'

/** Most bytes of a name, as wasmparser 0.236.1 has it (src/limits.rs). */
const MAXIMUM_NAME_LENGTH = 100_000

/**
 * Reads the primitives of the Wasm binary format from a range of bytes. Every method throws `module/malformed` where the bytes end too
 * early or the form is not allowed.
 *
 * Source: WebAssembly core specification 2.0, section 5.2.
 */
export class ByteReader {
  readonly bytes: Uint8Array
  offset: number
  readonly end: number

  constructor(bytes: Uint8Array, offset = 0, end: number = bytes.length) {
    this.bytes = bytes
    this.offset = offset
    this.end = end
  }

  get done(): boolean {
    return this.offset >= this.end
  }

  /** @throws {ContainerError} module/malformed */
  malformed(what: string, offset: number = this.offset): never {
    throw new ContainerError('module/malformed', `${what} at offset ${offset}`, { offset })
  }

  /** @throws {ContainerError} module/unsupported */
  unsupported(feature: string, offset: number = this.offset): never {
    throw new ContainerError('module/unsupported', `${feature} at offset ${offset}`, { offset, feature })
  }

  /** @throws {ContainerError} module/limit */
  tooMany(what: string, offset: number = this.offset): never {
    throw new ContainerError('module/limit', `too many ${what} at offset ${offset}`, { offset })
  }

  byte(): number {
    if (this.offset >= this.end) this.malformed('unexpected end')
    return this.bytes[this.offset++] as number
  }

  /** An unsigned LEB128 of at most 32 bits: at most five bytes, unused bits zero. */
  u32(): number {
    const first = this.byte()
    if (first < 0x80) return first
    let result = first & 0x7f
    for (let shift = 7; shift < 28; shift += 7) {
      const byte = this.byte()
      result |= (byte & 0x7f) << shift
      if (byte < 0x80) return result
    }
    const last = this.byte()
    if (last > 0x0f) this.malformed('integer too long', this.offset - 1)
    return (result | (last << 28)) >>> 0
  }

  /** A signed LEB128 of at most 32 bits: at most five bytes, unused bits equal to the sign. */
  s32(): number {
    let result = 0
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.byte()
      result |= (byte & 0x7f) << shift
      if (byte < 0x80) return (result << (25 - shift)) >> (25 - shift)
    }
    const last = this.byte()
    const unused = last & 0x78
    if (last > 0x7f || (unused !== 0 && unused !== 0x78)) this.malformed('integer too long', this.offset - 1)
    return result | (last << 28)
  }

  /** Passes over a signed LEB128 of at most 64 bits: at most ten bytes, unused bits equal to the sign. */
  skipS64(): void {
    for (let i = 0; i < 9; i++) if (this.byte() < 0x80) return
    const last = this.byte()
    if (last !== 0 && last !== 0x7f) this.malformed('integer too long', this.offset - 1)
  }

  skip(length: number): void {
    if (length > this.end - this.offset) this.malformed('unexpected end', this.end)
    this.offset += length
  }

  /** The number of items that follow, each of at least `size` bytes. */
  count(size: number): number {
    const offset = this.offset
    const count = this.u32()
    if (count > (this.end - this.offset) / size) this.malformed('more items than bytes', offset)
    return count
  }

  /** A length and that many bytes of UTF-8. @throws {ContainerError} module/malformed, module/limit */
  name(): string {
    const offset = this.offset
    const length = this.u32()
    if (length > MAXIMUM_NAME_LENGTH) this.tooMany('bytes of a name', offset)
    const start = this.offset
    this.skip(length)
    return (
      decodeUtf8(this.bytes.subarray(start, this.offset)) ?? this.malformed('a name that is not UTF-8', start)
    )
  }

  /** A length, and a reader of that many bytes, which are passed over. */
  part(): ByteReader {
    const length = this.u32()
    const start = this.offset
    this.skip(length)
    return new ByteReader(this.bytes, start, this.offset)
  }
}
