/** @module Writes Wasm modules byte by byte, for tests. Knows nothing of what it writes. */

/** Unsigned LEB128. */
export function u32(value: number): number[] {
  const bytes: number[] = []
  let rest = value >>> 0
  do {
    const low = rest & 0x7f
    rest >>>= 7
    bytes.push(rest === 0 ? low : low | 0x80)
  } while (rest !== 0)
  return bytes
}

/** Signed LEB128. */
export function s64(value: bigint | number): number[] {
  const bytes: number[] = []
  let rest = BigInt(value)
  for (;;) {
    const low = Number(rest & 0x7fn)
    rest >>= 7n
    if ((rest === 0n && low < 0x40) || (rest === -1n && low >= 0x40)) return [...bytes, low]
    bytes.push(low | 0x80)
  }
}

/** A vector: number of items, and the items. */
export function vector(items: readonly (readonly number[])[]): number[] {
  return [...u32(items.length), ...items.flat()]
}

/** A name: length, and ASCII. */
export function name(text: string): number[] {
  return [...u32(text.length), ...[...text].map((character) => character.charCodeAt(0))]
}

/** A section: id, length, content. */
export function section(id: number, content: readonly number[]): number[] {
  return [id, ...u32(content.length), ...content]
}

/** Magic and version. */
export const HEADER: readonly number[] = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]

/** A module of sections. */
export function wasm(...sections: readonly (readonly number[])[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([...HEADER, ...sections.flat()])
}

/** A function body: groups of locals, code without the final `end`. */
export function body(
  locals: readonly (readonly [count: number, type: number])[],
  code: readonly number[],
): number[] {
  const content = [...vector(locals.map(([count, type]) => [...u32(count), type])), ...code, 0x0b]
  return [...u32(content.length), ...content]
}
