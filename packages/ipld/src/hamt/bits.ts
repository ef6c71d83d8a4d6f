/** @module The bits of a HAMT: which children a node has, and which bits of a hashed key choose a child at each depth. */

/** Bits of a hashed key. */
export const HASH_BITS = 256

/** 256 bits, the least significant word first. A node of width 2^w uses the lowest 2^w. */
export type Bitfield = Uint32Array<ArrayBuffer>

/** The longest encoding of a {@link Bitfield}, in bytes. */
export const MAX_BITFIELD_BYTES = 32

const WORDS = 8

/** A bitfield with no bit set. */
export function emptyBitfield(): Bitfield {
  return new Uint32Array(WORDS)
}

/** Whether bit `index` is set. */
export function hasBit(bits: Bitfield, index: number): boolean {
  return (((bits[index >> 5] as number) >>> (index & 31)) & 1) === 1
}

/** Sets bit `index`. */
export function setBit(bits: Bitfield, index: number): void {
  ;(bits[index >> 5] as number) |= 1 << (index & 31)
}

/** Clears bit `index`. */
export function clearBit(bits: Bitfield, index: number): void {
  ;(bits[index >> 5] as number) &= ~(1 << (index & 31))
}

/** How many bits are set. */
export function countBits(bits: Bitfield): number {
  let count = 0
  for (let i = 0; i < WORDS; i++) count += popCount(bits[i] as number)
  return count
}

/** How many bits below `index` are set: where the child of that bit stands among the pointers. */
export function rankOf(bits: Bitfield, index: number): number {
  const word = index >> 5
  let rank = popCount((bits[word] as number) & ((1 << (index & 31)) - 1))
  for (let i = 0; i < word; i++) rank += popCount(bits[i] as number)
  return rank
}

/** The minimal big-endian bytes; none where no bit is set. */
export function encodeBitfield(bits: Bitfield): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(MAX_BITFIELD_BYTES)
  let length = 0
  for (let i = 0; i < MAX_BITFIELD_BYTES; i++) {
    const byte = ((bits[i >> 2] as number) >>> ((i & 3) * 8)) & 0xff
    bytes[MAX_BITFIELD_BYTES - 1 - i] = byte
    if (byte !== 0) length = i + 1
  }
  return bytes.subarray(MAX_BITFIELD_BYTES - length)
}

/** Reads big-endian bytes, minimal or not, of which there are at most {@link MAX_BITFIELD_BYTES}. */
export function decodeBitfield(bytes: Uint8Array): Bitfield {
  const bits = emptyBitfield()
  for (let i = 0; i < bytes.length; i++)
    (bits[i >> 2] as number) |= (bytes[bytes.length - 1 - i] as number) << ((i & 3) * 8)
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
  const window = ((hash[at] as number) << 8) | (hash[at + 1] ?? 0)
  return (window >> (16 - (used & 7) - take)) & ((1 << take) - 1)
}

function popCount(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555)
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333)
  return (((n + (n >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
}
