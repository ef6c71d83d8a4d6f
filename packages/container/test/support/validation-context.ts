/** @module A module with one of everything that code can name, around a function body that is to be validated. */
import { body, name, section, u32, vector, wasm } from './wasm-builder.ts'

const I32 = 0x7f
const I64 = 0x7e
const F32 = 0x7d
const F64 = 0x7c
const FUNCREF = 0x70

/** The types of {@link withBody}: parameters and results, by index. */
const TYPES: readonly (readonly [params: readonly number[], results: readonly number[]])[] = [
  [[], []],
  [[I32], [I32]],
  [[I64, F32], [F64]],
  [[], [FUNCREF]],
  [[F64, I64], [I32]],
  [[FUNCREF], [I64]],
]

/**
 * A module whose second function, of a type of {@link TYPES}, has the given body. It imports function 0 of type 1; functions 2 to 4 are of the
 * types 0, 2 and 3, and 2 is in no list. There are six globals, of all types, the even ones mutable; one table, one memory, two element
 * segments and two data segments.
 */
export function withBody(
  type: number,
  locals: readonly (readonly [count: number, type: number])[],
  code: readonly number[],
): Uint8Array<ArrayBuffer> {
  return wasm(
    section(
      1,
      vector(
        TYPES.map(([params, results]) => [
          0x60,
          ...vector(params.map((byte) => [byte])),
          ...vector(results.map((byte) => [byte])),
        ]),
      ),
    ),
    section(2, vector([[...name('a'), ...name('b'), 0, 1]])),
    section(3, vector([type, 0, 2, 3].map(u32))),
    section(4, [1, FUNCREF, 0, 4]),
    section(5, [1, 0, 1]),
    section(
      6,
      vector([
        [I32, 1, 0x41, 0, 0x0b],
        [I64, 0, 0x42, 0, 0x0b],
        [F32, 1, 0x43, 0, 0, 0, 0, 0x0b],
        [F64, 0, 0x44, 0, 0, 0, 0, 0, 0, 0, 0, 0x0b],
        [FUNCREF, 1, 0xd0, 0x70, 0x0b],
        [FUNCREF, 0, 0xd2, 3, 0x0b],
      ]),
    ),
    section(7, vector([[...name('x'), 0, 1]])),
    section(
      9,
      vector([
        [1, 0, 1, 0],
        [3, 0, 1, 4],
      ]),
    ),
    section(12, [2]),
    section(
      10,
      vector([
        body(locals, code),
        body([], []),
        body([], [0x44, 0, 0, 0, 0, 0, 0, 0, 0]),
        body([], [0xd0, 0x70]),
      ]),
    ),
    section(
      11,
      vector([
        [1, 1, 7],
        [1, 0],
      ]),
    ),
  )
}
