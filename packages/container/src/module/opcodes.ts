/**
 * @module The instructions of the FVM's Wasm: what follows the opcode, and what it takes from the stack and leaves there.
 *
 * Source: WebAssembly core specification 2.0, section 5.4; fvm-wasm-instrument 0.4.0 src/stack_limiter/max_height.rs.
 */

/** What follows an opcode. */
export const Immediate = {
  INVALID: 0,
  NONE: 1,
  BLOCK: 2,
  LABEL: 3,
  LABELS: 4,
  FUNCTION: 5,
  TYPE_AND_TABLE: 6,
  LOCAL: 7,
  GLOBAL: 8,
  MEMORY_ARGUMENT: 9,
  MEMORY: 10,
  I32: 11,
  I64: 12,
  F32: 13,
  F64: 14,
  TABLE: 15,
  PREFIX: 16,
} as const

/** Opcodes that the transformer treats on their own. */
export const Op = {
  UNREACHABLE: 0x00,
  NOP: 0x01,
  BLOCK: 0x02,
  LOOP: 0x03,
  IF: 0x04,
  ELSE: 0x05,
  END: 0x0b,
  BR: 0x0c,
  BR_IF: 0x0d,
  BR_TABLE: 0x0e,
  RETURN: 0x0f,
  CALL: 0x10,
  CALL_INDIRECT: 0x11,
  DROP: 0x1a,
  SELECT: 0x1b,
  TYPED_SELECT: 0x1c,
  LOCAL_GET: 0x20,
  LOCAL_SET: 0x21,
  LOCAL_TEE: 0x22,
  GLOBAL_GET: 0x23,
  GLOBAL_SET: 0x24,
  TABLE_GET: 0x25,
  TABLE_SET: 0x26,
  MEMORY_SIZE: 0x3f,
  MEMORY_GROW: 0x40,
  I32_CONST: 0x41,
  I64_CONST: 0x42,
  F32_CONST: 0x43,
  F64_CONST: 0x44,
  I32_EQ: 0x46,
  I32_GT_U: 0x4b,
  I64_LT_S: 0x53,
  F32_EQ: 0x5b,
  F64_EQ: 0x61,
  I32_ADD: 0x6a,
  I32_SUB: 0x6b,
  I64_ADD: 0x7c,
  I64_SUB: 0x7d,
  I64_MUL: 0x7e,
  I64_OR: 0x84,
  I64_EXTEND_I32_U: 0xad,
  I64_TRUNC_F64_S: 0xb0,
  F64_CONVERT_I64_S: 0xb9,
  REF_NULL: 0xd0,
  REF_IS_NULL: 0xd1,
  REF_FUNC: 0xd2,
  PREFIX: 0xfc,
  SIMD_PREFIX: 0xfd,
} as const

/** Instructions behind {@link Op.PREFIX}. */
export const PrefixedOp = {
  MEMORY_INIT: 8,
  DATA_DROP: 9,
  MEMORY_COPY: 10,
  MEMORY_FILL: 11,
  TABLE_INIT: 12,
  ELEM_DROP: 13,
  TABLE_COPY: 14,
  TABLE_GROW: 15,
  TABLE_SIZE: 16,
  TABLE_FILL: 17,
} as const

/** What follows each one-byte opcode. */
export const IMMEDIATES: Readonly<Uint8Array> = immediates()
/** Values that each one-byte opcode takes, where that does not depend on types. */
export const POPS: Readonly<Uint8Array> = effects().pops
/** Values that each one-byte opcode leaves, where that does not depend on types. */
export const PUSHES: Readonly<Uint8Array> = effects().pushes
/** 1 for the one-byte opcodes that may trap or call; what a branch does does not count. */
export const OBSERVABLE: Readonly<Uint8Array> = observable()
/** 32 or 64 for the opcodes whose result Cranelift canonicalises when it is not a number, by the width of the result; otherwise 0. */
export const CANONICALISED: Readonly<Uint8Array> = canonicalised()

function fill(array: Uint8Array, first: number, last: number, value: number): void {
  array.fill(value, first, last + 1)
}

function immediates(): Uint8Array {
  const table = new Uint8Array(256)
  fill(table, Op.UNREACHABLE, Op.NOP, Immediate.NONE)
  fill(table, Op.BLOCK, Op.IF, Immediate.BLOCK)
  fill(table, Op.ELSE, Op.ELSE, Immediate.NONE)
  fill(table, Op.END, Op.END, Immediate.NONE)
  fill(table, Op.BR, Op.BR_IF, Immediate.LABEL)
  fill(table, Op.BR_TABLE, Op.BR_TABLE, Immediate.LABELS)
  fill(table, Op.RETURN, Op.RETURN, Immediate.NONE)
  fill(table, Op.CALL, Op.CALL, Immediate.FUNCTION)
  fill(table, Op.CALL_INDIRECT, Op.CALL_INDIRECT, Immediate.TYPE_AND_TABLE)
  fill(table, Op.DROP, Op.SELECT, Immediate.NONE)
  fill(table, Op.LOCAL_GET, Op.LOCAL_TEE, Immediate.LOCAL)
  fill(table, Op.GLOBAL_GET, Op.GLOBAL_SET, Immediate.GLOBAL)
  fill(table, Op.TABLE_GET, Op.TABLE_SET, Immediate.TABLE)
  fill(table, 0x28, 0x3e, Immediate.MEMORY_ARGUMENT)
  fill(table, Op.MEMORY_SIZE, Op.MEMORY_GROW, Immediate.MEMORY)
  fill(table, Op.I32_CONST, Op.I32_CONST, Immediate.I32)
  fill(table, Op.I64_CONST, Op.I64_CONST, Immediate.I64)
  fill(table, Op.F32_CONST, Op.F32_CONST, Immediate.F32)
  fill(table, Op.F64_CONST, Op.F64_CONST, Immediate.F64)
  fill(table, 0x45, 0xc4, Immediate.NONE)
  fill(table, Op.PREFIX, Op.PREFIX, Immediate.PREFIX)
  return table
}

function effects(): { pops: Uint8Array; pushes: Uint8Array } {
  const pops = new Uint8Array(256)
  const pushes = new Uint8Array(256)
  const set = (first: number, last: number, pop: number, push: number): void => {
    fill(pops, first, last, pop)
    fill(pushes, first, last, push)
  }
  set(Op.DROP, Op.DROP, 1, 0)
  set(Op.LOCAL_GET, Op.LOCAL_GET, 0, 1)
  set(Op.LOCAL_SET, Op.LOCAL_SET, 1, 0)
  set(Op.LOCAL_TEE, Op.LOCAL_TEE, 1, 1)
  set(Op.GLOBAL_GET, Op.GLOBAL_GET, 0, 1)
  set(Op.GLOBAL_SET, Op.GLOBAL_SET, 1, 0)
  set(Op.TABLE_GET, Op.TABLE_GET, 1, 1)
  set(Op.TABLE_SET, Op.TABLE_SET, 2, 0)
  set(0x28, 0x35, 1, 1) // loads
  set(0x36, 0x3e, 2, 0) // stores
  set(Op.MEMORY_SIZE, Op.MEMORY_SIZE, 0, 1)
  set(Op.MEMORY_GROW, Op.MEMORY_GROW, 1, 1)
  set(Op.I32_CONST, Op.F64_CONST, 0, 1)
  set(0x45, 0x45, 1, 1) // i32.eqz
  set(0x46, 0x4f, 2, 1) // i32 comparisons
  set(0x50, 0x50, 1, 1) // i64.eqz
  set(0x51, 0x66, 2, 1) // i64, f32, f64 comparisons
  set(0x67, 0x69, 1, 1) // i32 clz, ctz, popcnt
  set(0x6a, 0x78, 2, 1)
  set(0x79, 0x7b, 1, 1) // i64 clz, ctz, popcnt
  set(0x7c, 0x8a, 2, 1)
  set(0x8b, 0x91, 1, 1) // f32 unary
  set(0x92, 0x98, 2, 1)
  set(0x99, 0x9f, 1, 1) // f64 unary
  set(0xa0, 0xa6, 2, 1)
  set(0xa7, 0xc4, 1, 1) // conversions, sign extensions
  return { pops, pushes }
}

function observable(): Uint8Array {
  const table = new Uint8Array(256)
  fill(table, Op.UNREACHABLE, Op.UNREACHABLE, 1)
  fill(table, Op.CALL, Op.CALL_INDIRECT, 1)
  fill(table, Op.TABLE_GET, Op.TABLE_SET, 1)
  fill(table, 0x28, 0x3e, 1) // loads, stores
  fill(table, Op.MEMORY_GROW, Op.MEMORY_GROW, 1)
  fill(table, 0x6d, 0x70, 1) // i32 div, rem
  fill(table, 0x7f, 0x82, 1) // i64 div, rem
  fill(table, 0xa8, 0xab, 1) // i32.trunc
  fill(table, 0xae, 0xb1, 1) // i64.trunc
  fill(table, Op.PREFIX, Op.PREFIX, 1)
  return table
}

function canonicalised(): Uint8Array {
  const table = new Uint8Array(256)
  fill(table, 0x8d, 0x91, 32) // f32 ceil, floor, trunc, nearest, sqrt
  fill(table, 0x92, 0x97, 32) // f32 add, sub, mul, div, min, max
  fill(table, 0x9b, 0x9f, 64)
  fill(table, 0xa0, 0xa5, 64)
  fill(table, 0xb6, 0xb6, 32) // f32.demote_f64
  fill(table, 0xbb, 0xbb, 64) // f64.promote_f32
  return table
}

/** First and last of the sign-extension instructions. */
export const SIGN_EXTENSION: readonly [first: number, last: number] = [0xc0, 0xc4]

/** The feature that an opcode belongs to which the FVM leaves out, or `undefined` where there is no such opcode. */
export function featureOf(opcode: number): string | undefined {
  if ((opcode >= 0x06 && opcode <= 0x0a) || opcode === 0x18 || opcode === 0x19 || opcode === 0x1f)
    return 'exceptions'
  if (opcode === 0x12 || opcode === 0x13) return 'tail calls'
  if (opcode === 0x14 || opcode === 0x15) return 'typed function references'
  if (opcode === Op.TYPED_SELECT) return 'typed select'
  if (opcode >= Op.REF_NULL && opcode <= Op.REF_FUNC) return 'reference instructions'
  if (opcode === 0xd3) return 'garbage collection'
  if (opcode >= 0xd4 && opcode <= 0xd6) return 'typed function references'
  if (opcode >= 0xe0 && opcode <= 0xe6) return 'stack switching'
  if (opcode === 0xfb) return 'garbage collection'
  if (opcode === Op.SIMD_PREFIX) return 'SIMD'
  if (opcode === 0xfe) return 'threads'
  return undefined
}
