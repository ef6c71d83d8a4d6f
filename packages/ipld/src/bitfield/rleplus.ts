/**
 * @module RLE+, the wire form of bitfields.
 *
 * *Shape*, bits from the least significant of each byte: version `00`, the value of bit 0, then the lengths of runs that alternate from that
 * value: `1` is a run of one, `01` and 4 bits (least significant first) one of 2 to 15, `00` and an unsigned LEB128 varint one of 16 and
 * more. Zeros after the last byte are implied, so a last byte of zero, a run of zeros at the end and a length in a wider block than it
 * needs are all refused: one set has one encoding. The empty set is no bytes at all.
 *
 * *Source*: ref-fvm@master ipld/bitfield/src/rleplus/{mod,reader,writer}.rs.
 */
import { IpldError } from '../errors.ts'
import { EDGE_LIMIT } from './edges.ts'

/** A 64-bit length takes ten bytes, one more than a multiformats varint may have. */
const VARINT_MAX_BYTES = 10

/** Reads bits, least significant first. Beyond the last byte all bits are zero. */
class BitReader {
  readonly #bytes: Uint8Array
  /** Position after the highest bit that is set: where the runs end. */
  readonly #end: number
  #position = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    const last = bytes[bytes.length - 1]
    if (last === 0) throw new IpldError('bitfield/not-minimal', 'the last byte is zero')
    this.#end = last === undefined ? 0 : bytes.length * 8 - (Math.clz32(last) - 24)
  }

  /** The next `count` bits, at most 8, without consuming them. */
  peek(count: number): number {
    const index = this.#position >>> 3
    const window = (this.#bytes[index] ?? 0) | ((this.#bytes[index + 1] ?? 0) << 8)
    return (window >>> (this.#position & 7)) & ((1 << count) - 1)
  }

  read(count: number): number {
    const bits = this.peek(count)
    this.#position += count
    return bits
  }

  /** The length of the next run, or `undefined` where only zeros are left. */
  run(): bigint | undefined {
    if (this.#position >= this.#end) return undefined
    if (this.peek(1) === 1) {
      this.#position += 1
      return 1n
    }
    if (this.peek(2) === 0b10) {
      this.#position += 2
      const length = this.read(4)
      if (length < 2) throw new IpldError('bitfield/not-minimal', `a short block for a run of ${length}`)
      return BigInt(length)
    }
    this.#position += 2
    const length = this.#varint()
    if (length < 16n) throw new IpldError('bitfield/not-minimal', `a long block for a run of ${length}`)
    return length
  }

  #varint(): bigint {
    let low = 0 // the first seven bytes: 49 bits
    let high = 0n
    for (let i = 0; i < VARINT_MAX_BYTES; i++) {
      const byte = this.read(8)
      const bits = byte & 0x7f
      if (i < 7) low += bits * 2 ** (7 * i)
      else high |= BigInt(bits) << BigInt(7 * (i - 7))
      if (byte < 0x80) {
        const overflows = i === VARINT_MAX_BYTES - 1 && byte > 1
        const padded = i > 0 && byte === 0
        if (overflows || padded) break
        return BigInt(low) + (high << 49n)
      }
    }
    throw new IpldError('bitfield/invalid-varint', 'a run length is not the shortest varint of 64 bits')
  }
}

/**
 * Reads the edges of a set from RLE+ bytes. Memory and time are linear in the bytes, whatever the lengths of the runs: at most 8 runs a byte.
 * @throws {IpldError} bitfield/unsupported-version, bitfield/not-minimal, bitfield/invalid-varint, bitfield/overflow
 */
export function decodeRlePlus(bytes: Uint8Array): bigint[] {
  const reader = new BitReader(bytes)
  const version = reader.read(2)
  if (version !== 0) throw new IpldError('bitfield/unsupported-version', `RLE+ of version ${version}`)
  let value = reader.read(1) === 1
  let position = 0n
  const edges: bigint[] = []
  for (let run = reader.run(); run !== undefined; run = reader.run()) {
    const end = position + run
    if (end >= EDGE_LIMIT)
      throw new IpldError('bitfield/overflow', 'the runs together are longer than 2^64 - 1')
    if (value) edges.push(position, end)
    position = end
    value = !value
  }
  if (value)
    throw new IpldError('bitfield/not-minimal', 'a run of zeros, or none, where ones should end the set')
  return edges
}

/** Writes the edges of a set as RLE+ bytes. */
export function encodeRlePlus(edges: readonly bigint[]): Uint8Array {
  if (edges.length === 0) return new Uint8Array(0)
  const bytes: number[] = []
  let window = 0
  let filled = 0
  const write = (bits: number, count: number): void => {
    window |= bits << filled
    filled += count
    if (filled >= 8) {
      bytes.push(window & 0xff)
      window >>>= 8
      filled -= 8
    }
  }
  write(0, 2)
  write(edges[0] === 0n ? 1 : 0, 1)
  let position = 0n
  for (const edge of edges) {
    const length = edge - position
    position = edge
    if (length === 0n) continue // only before a range that starts at 0, and there the header bit says it
    if (length === 1n) write(1, 1)
    else if (length < 16n) write(0b10 | (Number(length) << 2), 6)
    else {
      write(0, 2)
      let rest = length
      for (; rest >= 0x80n; rest >>= 7n) write(Number(rest & 0x7fn) | 0x80, 8)
      write(Number(rest), 8)
    }
  }
  if (window !== 0) bytes.push(window)
  return Uint8Array.from(bytes)
}
