/** Writes the primitives of the Wasm binary format into a buffer that grows. */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>
  length = 0

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(Math.max(capacity, 64))
  }

  /** What has been written; a view. */
  get written(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.length)
  }

  byte(value: number): void {
    if (this.length === this.#bytes.length) this.#reserve(1)
    this.#bytes[this.length++] = value
  }

  bytes(values: readonly number[]): void {
    this.#reserve(values.length)
    for (let i = 0; i < values.length; i++) this.#bytes[this.length++] = values[i] as number
  }

  /** An opcode and its index. */
  op(opcode: number, index: number): void {
    this.byte(opcode)
    this.u32(index)
  }

  /** Copies a range of other bytes. */
  copy(source: Uint8Array, start: number, end: number): void {
    const length = end - start
    this.#reserve(length)
    const bytes = this.#bytes
    let to = this.length
    this.length = to + length
    if (length > 96) bytes.set(source.subarray(start, end), to)
    else for (let from = start; from < end; from++) bytes[to++] = source[from] as number
  }

  u32(value: number): void {
    this.#reserve(5)
    if (value < 0x80) {
      this.#bytes[this.length++] = value
      return
    }
    let rest = value >>> 0
    while (rest > 0x7f) {
      this.#bytes[this.length++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    this.#bytes[this.length++] = rest
  }

  /** A signed LEB128 of an integer that a double holds exactly, or of the low 64 bits of a bigint. */
  s64(value: number | bigint): void {
    if (typeof value === 'bigint') {
      this.#s64Wide(BigInt.asIntN(64, value))
      return
    }
    this.#reserve(10)
    if (value === (value | 0)) {
      this.#s32(value | 0)
      return
    }
    let rest = value
    while (rest > 0x3f || rest < -0x40) {
      const low = ((rest % 128) + 128) % 128
      this.#bytes[this.length++] = low | 0x80
      rest = (rest - low) / 128
    }
    this.#bytes[this.length++] = rest & 0x7f
  }

  /** Leaves room for a u32 that {@link patchU32} fills in; five bytes, which is a valid if not the shortest form. */
  placeholderU32(): number {
    this.#reserve(5)
    this.length += 5
    return this.length - 5
  }

  patchU32(at: number, value: number): void {
    for (let i = 0; i < 4; i++) this.#bytes[at + i] = ((value >>> (7 * i)) & 0x7f) | 0x80
    this.#bytes[at + 4] = value >>> 28
  }

  #s32(value: number): void {
    let rest = value
    while (rest > 0x3f || rest < -0x40) {
      this.#bytes[this.length++] = (rest & 0x7f) | 0x80
      rest >>= 7
    }
    this.#bytes[this.length++] = rest & 0x7f
  }

  #s64Wide(value: bigint): void {
    let rest = value
    while (rest > 0x3fn || rest < -0x40n) {
      this.byte(Number(rest & 0x7fn) | 0x80)
      rest >>= 7n
    }
    this.byte(Number(rest & 0x7fn))
  }

  #reserve(count: number): void {
    if (this.length + count <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.length + count))
    grown.set(this.#bytes)
    this.#bytes = grown
  }
}
