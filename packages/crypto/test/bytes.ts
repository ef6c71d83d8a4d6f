/** Bytes in the forms that tests write them in. */
export function fromHex(text: string): Uint8Array {
  return Uint8Array.fromHex(text)
}

export function toHex(bytes: Uint8Array | undefined): string | undefined {
  return bytes?.toHex()
}

export function fromText(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** The first `length` bytes of 3, 10, 17, ... */
export function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => i * 7 + 3)
}

/** A copy with one bit turned over. */
export function flipBit(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = bytes.slice()
  copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7))
  return copy
}

export function concat(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}

/** A number as `length` bytes, big-endian. */
export function toBigEndian(value: bigint, length: number): Uint8Array {
  return fromHex(value.toString(16).padStart(length * 2, '0'))
}
