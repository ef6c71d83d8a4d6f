/** @module Writes small Wasm modules byte by byte. Knows the form of sections, and nothing of validity. */

/** Unsigned LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80)
  return [...bytes, rest]
}

/** Signed LEB128. */
function signed(value: bigint): number[] {
  const bytes: number[] = []
  let rest = value
  for (;;) {
    const low = Number(rest & 0x7fn)
    rest >>= 7n
    if ((rest === 0n && low < 0x40) || (rest === -1n && low >= 0x40)) return [...bytes, low]
    bytes.push(low | 0x80)
  }
}

/** `i32.const`. */
export const i32 = (value: number): number[] => [0x41, ...signed(BigInt(value | 0))]
/** `i64.const`. */
export const i64 = (value: bigint): number[] => [0x42, ...signed(BigInt.asIntN(64, value))]

/** A function to import: names, and the bytes of the value types. */
export interface Import {
  readonly module: string
  readonly name: string
  readonly params: readonly number[]
  readonly results: readonly number[]
}

const I32 = 0x7f

const vector = (items: readonly (readonly number[])[]): number[] => [
  ...unsigned(items.length),
  ...items.flat(),
]
const name = (text: string): number[] => [...unsigned(text.length), ...new TextEncoder().encode(text)]
const section = (id: number, content: readonly number[]): number[] => [
  id,
  ...unsigned(content.length),
  ...content,
]

/**
 * A module that exports its memory of one page as `memory`, and `invoke`, the function after the imported ones.
 *
 * @param locals their value types; the parameter of `invoke` is local 0, they follow
 * @param code of `invoke`, without the last `end`: leaves an i32
 * @param data what the memory starts with
 */
export function writeModule(
  imports: readonly Import[],
  locals: readonly number[],
  code: readonly number[],
  data: Uint8Array = new Uint8Array(),
): Uint8Array<ArrayBuffer> {
  const types = [
    [0x60, 1, I32, 1, I32],
    ...imports.map(({ params, results }) => [
      0x60,
      ...unsigned(params.length),
      ...params,
      results.length,
      ...results,
    ]),
  ]
  const content = [...vector(locals.map((type) => [1, type])), ...code, 0x0b]
  const sections = [
    section(1, vector(types)),
    section(
      2,
      vector(imports.map((one, i) => [...name(one.module), ...name(one.name), 0, ...unsigned(i + 1)])),
    ),
    section(3, vector([[0]])),
    section(5, vector([[0, 1]])),
    section(
      7,
      vector([
        [...name('memory'), 2, 0],
        [...name('invoke'), 0, ...unsigned(imports.length)],
      ]),
    ),
    section(10, vector([[...unsigned(content.length), ...content]])),
    section(11, vector(data.length === 0 ? [] : [[0, ...i32(0), 0x0b, ...unsigned(data.length), ...data]])),
  ]
  return Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...sections.flat()])
}
