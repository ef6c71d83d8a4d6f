/**
 * @module The types of instructions whose operands are all of one type: comparisons, arithmetic, conversions, loads; and how memory accesses
 * may be aligned.
 *
 * Source: WebAssembly core specification 2.0, sections 3.3.1 and 3.3.7.
 */
import { ValueType } from '../module/wasm-module.ts'

const { I32, I64, F32, F64 } = ValueType

/** Type of the operands of each one-byte opcode from 0x45 on, and of the value of stores; otherwise 0. */
export const OPERAND: Readonly<Uint8Array> = operands()
/** Type of the result of each one-byte opcode that {@link OPERAND} has, and of loads; otherwise 0. */
export const RESULT: Readonly<Uint8Array> = results()
/** Binary logarithm of the size of each memory access. */
export const ACCESS_SIZE: Readonly<Uint8Array> = accessSizes()

/** Operand and result of each saturating conversion, which are the first instructions behind the prefix. */
export const SATURATING: readonly (readonly [operand: number, result: number])[] = [
  [F32, I32],
  [F32, I32],
  [F64, I32],
  [F64, I32],
  [F32, I64],
  [F32, I64],
  [F64, I64],
  [F64, I64],
]

function table(...rows: readonly (readonly [first: number, types: readonly number[]])[]): Uint8Array {
  const bytes = new Uint8Array(256)
  for (const [first, types] of rows) bytes.set(types, first)
  return bytes
}

function times(count: number, type: number): number[] {
  return new Array<number>(count).fill(type)
}

function operands(): Uint8Array {
  return table(
    [0x36, [I32, I64, F32, F64, I32, I32, I64, I64, I64]], // stores
    [0x45, [...times(11, I32), ...times(11, I64), ...times(6, F32), ...times(6, F64)]], // comparisons
    [0x67, [...times(18, I32), ...times(18, I64), ...times(14, F32), ...times(14, F64)]],
    [0xa7, [I64, F32, F32, F64, F64]], // to i32
    [0xac, [I32, I32, F32, F32, F64, F64]], // to i64
    [0xb2, [I32, I32, I64, I64, F64]], // to f32
    [0xb7, [I32, I32, I64, I64, F32]], // to f64
    [0xbc, [F32, F64, I32, I64]], // reinterpret
    [0xc0, [I32, I32, I64, I64, I64]], // sign extension
  )
}

function results(): Uint8Array {
  return table(
    [0x28, [I32, I64, F32, F64, I32, I32, I32, I32, I64, I64, I64, I64, I64, I64]], // loads
    [0x45, times(34, I32)],
    [0x67, [...times(18, I32), ...times(18, I64), ...times(14, F32), ...times(14, F64)]],
    [0xa7, times(5, I32)],
    [0xac, times(6, I64)],
    [0xb2, times(5, F32)],
    [0xb7, times(5, F64)],
    [0xbc, [I32, I64, F32, F64]],
    [0xc0, [I32, I32, I64, I64, I64]],
  )
}

function accessSizes(): Uint8Array {
  return table([0x28, [2, 3, 2, 3, 0, 0, 1, 1, 0, 0, 1, 1, 2, 2]], [0x36, [2, 3, 2, 3, 0, 1, 0, 1, 2]])
}
