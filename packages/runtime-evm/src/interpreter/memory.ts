/** What memory grows by at least, in bytes. */
const MINIMUM_CAPACITY = 1024
const EMPTY = new Uint8Array(0)
const EMPTY_VIEW = new DataView(EMPTY.buffer)

/**
 * Memory of one frame: bytes that grow in words of 32, and are zero until written. Whoever reads or writes has made it long enough before.
 *
 * Room grows by doubling, so that the cost of growing is linear in the final length; how long it may become is for the gas schedule to say.
 */
export class Memory {
  /** Length in bytes, a multiple of 32. */
  length = 0
  /** At least {@link length} bytes; those beyond are zero. Another array after {@link grow}. */
  bytes: Uint8Array = EMPTY
  /** The same bytes. */
  view: DataView = EMPTY_VIEW

  /** Makes it at least `length` bytes long, a multiple of 32. @throws {RangeError} where the host has no memory left */
  grow(length: number): void {
    if (length <= this.length) return
    if (length > this.bytes.length) {
      const bytes = new Uint8Array(Math.max(length, this.bytes.length * 2, MINIMUM_CAPACITY))
      bytes.set(this.bytes)
      this.bytes = bytes
      this.view = new DataView(bytes.buffer)
    }
    this.length = length
  }

  /** A copy of `size` bytes from `offset` on, zeros where it is not that long. */
  read(offset: number, size: number): Uint8Array {
    const copy = new Uint8Array(size)
    if (offset < this.length) copy.set(this.bytes.subarray(offset, Math.min(offset + size, this.length)))
    return copy
  }
}
