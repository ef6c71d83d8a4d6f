/** @module RLP, in which Ethereum writes what it hashes. Only writing: nothing here reads what others wrote. Source: the Yellow Paper, appendix B. */

/** A byte string, or a list. */
export type RlpItem = Uint8Array | readonly RlpItem[]

const STRING = 0x80
const LIST = 0xc0
/** The longest content whose length stands in the first byte. */
const SHORT = 55

/** The bytes of an item. */
export function encodeRlp(item: RlpItem): Uint8Array {
  if (!(item instanceof Uint8Array)) return frame(LIST, concat(item.map(encodeRlp)))
  if (item.length === 1 && (item[0] as number) < STRING) return item
  return frame(STRING, item)
}

/** An unsigned number as big-endian bytes without leading zeros: empty for 0. */
export function integerBytes(value: bigint): Uint8Array {
  if (value === 0n) return new Uint8Array(0)
  const digits = value.toString(16)
  return fixedBytes(value, Math.ceil(digits.length / 2))
}

/** An unsigned number as so many big-endian bytes. */
export function fixedBytes(value: bigint, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let rest = value
  for (let index = length - 1; index >= 0 && rest !== 0n; index--) {
    bytes[index] = Number(rest & 0xffn)
    rest >>= 8n
  }
  return bytes
}

function frame(kind: number, content: Uint8Array): Uint8Array {
  if (content.length <= SHORT) return concat([Uint8Array.of(kind + content.length), content])
  const length = integerBytes(BigInt(content.length))
  return concat([Uint8Array.of(kind + SHORT + length.length), length, content])
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    bytes.set(part, offset)
    offset += part.length
  }
  return bytes
}
