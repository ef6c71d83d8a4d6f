/** Words of Solidity's ABI, one after the other, and bytes after them, padded to a whole word. */
export function writeAbi(words: readonly bigint[], tail: Uint8Array = new Uint8Array()): Uint8Array {
  const bytes = new Uint8Array(32 * (words.length + Math.ceil(tail.length / 32)))
  for (const [index, word] of words.entries())
    for (let at = 0; at < 32; at++) bytes[index * 32 + at] = Number((word >> BigInt(8 * (31 - at))) & 0xffn)
  bytes.set(tail, 32 * words.length)
  return bytes
}
