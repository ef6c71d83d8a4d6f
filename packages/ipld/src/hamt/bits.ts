/** @module The bits of a HAMT: which children a node has, and which bits of a hashed key choose a child at each depth. */

/** Bits of a hashed key. */
export const HASH_BITS = 256

/** The longest encoding of a {@link Bitfield}, in bytes. */
export const MAX_BITFIELD_BYTES = 32

/**
 * 256 bits, of which a node of width 2^w uses the lowest 2^w.
 *
 * The lowest 32, which are all where the width is 5 as in the state tree, stand in the object itself: an array for them would be one more place to read on
 * the way to every entry.
 */
export class Bitfield {
  /** Bits 0 to 31. */
  low = 0
  /** Bits 32 to 255, the least significant word first; absent where none of them is set. */
  high: Uint32Array<ArrayBuffer> | undefined = undefined
}

const HIGH_WORDS = 7

/** A bitfield with no bit set. */
export function emptyBitfield(): Bitfield {
  return new Bitfield()
}

/** Makes `to` the same bits as `from`. */
export function copyBits(from: Bitfield, to: Bitfield): void {
  to.low = from.low
  to.high = from.high?.slice()
}

/** Whether bit `index` is set. */
export function hasBit(bits: Bitfield, index: number): boolean {
  return ((wordOf(bits, index >> 5) >>> (index & 31)) & 1) === 1
}

/** Sets bit `index`. */
export function setBit(bits: Bitfield, index: number): void {
  orWord(bits, index >> 5, 1 << (index & 31))
}

/** Clears bit `index`. */
export function clearBit(bits: Bitfield, index: number): void {
  const mask = ~(1 << (index & 31))
  if (index < 32) bits.low &= mask
  else if (bits.high !== undefined) {
    ;(bits.high[(index >> 5) - 1] as number) &= mask
    if (bits.high.every((word) => word === 0)) bits.high = undefined
  }
}

/** The lowest bit that is set; {@link HASH_BITS} where none is. */
export function lowestBit(bits: Bitfield): number {
  let bit = 0
  while (bit < HASH_BITS && !hasBit(bits, bit)) bit++
  return bit
}

/** How many bits are set. */
export function countBits(bits: Bitfield): number {
  return rankOf(bits, HASH_BITS)
}

/** How many bits below `index` are set: where the child of that bit stands among the pointers. */
export function rankOf(bits: Bitfield, index: number): number {
  const { low, high } = bits
  if (index < 32) return popCount(low & ~(-1 << index))
  let rank = popCount(low)
  if (high === undefined) return rank
  const last = (index >> 5) - 1
  for (let i = 0; i < last; i++) rank += popCount(high[i] as number)
  if ((index & 31) !== 0) rank += popCount((high[last] as number) & ~(-1 << (index & 31)))
  return rank
}

/** The minimal big-endian bytes; none where no bit is set. */
export function encodeBitfield(bits: Bitfield): Uint8Array<ArrayBuffer> {
  let length = bits.high === undefined ? 4 : MAX_BITFIELD_BYTES
  while (length > 0 && byteOf(bits, length - 1) === 0) length--
  // Of the right length at once: a view of a longer one would need memory of its own, which short arrays do without.
  const bytes = new Uint8Array(length)
  for (let i = 0; i < length; i++) bytes[length - 1 - i] = byteOf(bits, i)
  return bytes
}

/** Byte `index` of the bits, the least significant one first. */
function byteOf(bits: Bitfield, index: number): number {
  return (wordOf(bits, index >> 2) >>> ((index & 3) * 8)) & 0xff
}

/** Reads big-endian bytes, minimal or not, of which there are at most {@link MAX_BITFIELD_BYTES}. */
export function decodeBitfield(bytes: Uint8Array): Bitfield {
  const bits = emptyBitfield()
  for (let i = 0; i < bytes.length; i++)
    orWord(bits, i >> 2, (bytes[bytes.length - 1 - i] as number) << ((i & 3) * 8))
  return bits
}

/**
 * The bits of a hashed key that choose a child at `depth`, most significant bit first: `bitWidth` of them, or what is left at the last depth.
 * @returns `undefined` where all bits are used up
 */
export function hashIndex(hash: Uint8Array, depth: number, bitWidth: number): number | undefined {
  const used = depth * bitWidth
  if (used >= HASH_BITS) return undefined
  const take = Math.min(bitWidth, HASH_BITS - used)
  const at = used >> 3
  // Two bytes hold any eight bits in a row.
  const window = ((hash[at] as number) << 8) | (at + 1 < hash.length ? (hash[at + 1] as number) : 0)
  return (window >> (16 - (used & 7) - take)) & ((1 << take) - 1)
}

function wordOf({ low, high }: Bitfield, word: number): number {
  if (word === 0) return low
  return high === undefined ? 0 : (high[word - 1] as number)
}

function orWord(bits: Bitfield, word: number, value: number): void {
  if (word === 0) bits.low |= value
  else if (value !== 0) {
    bits.high ??= new Uint32Array(HIGH_WORDS)
    ;(bits.high[word - 1] as number) |= value
  }
}

function popCount(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555)
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333)
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
