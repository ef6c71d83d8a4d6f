/** @module The shapes in which the syscall table is written. */

/**
 * How one parameter of a syscall is passed by Wasm code, and what the kernel receives. Offsets and lengths are unsigned.
 *
 * | kind | Wasm values | kernel receives |
 * | --- | --- | --- |
 * | `u32`, `i32` | i32 | number |
 * | `u64`, `i64` | i64 | bigint |
 * | `cid` | i32 offset; read to the end of memory, as one CID | `Cid` |
 * | `address` | i32 offset, i32 length | `Address` |
 * | `optionalAddress` | i32 offset, i32 length; length 0 is none | `Address` or `undefined` |
 * | `bytes` | i32 offset, i32 length | `Uint8Array`, a view of the actor's memory, valid during the call only |
 * | `lenientBytes` | i32 offset, i32 length | the same, or `undefined` where out of bounds |
 * | `bytes32`, `bytes65`, `bytes96` | i32 offset | `Uint8Array` view of that many bytes |
 * | `at` | i32 offset | `(length: number) => Uint8Array` giving a checked view to read |
 * | `eventEntries` | i32 offset, i32 count | `Uint8Array` view of that many `EventEntry` structs |
 * | `text` | i32 offset, i32 length; must be UTF-8 | string |
 * | `out` | i32 offset, i32 length | `Uint8Array` view to write to; a `lengthOf…` result is written here instead, and the kernel receives nothing |
 * | `outAt` | i32 offset | `(length: number) => Uint8Array` giving a checked view to write to |
 *
 * A parameter that is out of bounds or cannot be parsed fails the syscall with IllegalArgument before the kernel sees it.
 */
export type ParameterKind =
  | 'u32'
  | 'i32'
  | 'u64'
  | 'i64'
  | 'cid'
  | 'address'
  | 'optionalAddress'
  | 'bytes'
  | 'lenientBytes'
  | 'bytes32'
  | 'bytes65'
  | 'bytes96'
  | 'at'
  | 'eventEntries'
  | 'text'
  | 'out'
  | 'outAt'

/** Type of one field of an out-struct: little-endian integers, and `u128` amounts (low word first). */
export type FieldType = 'u32' | 'i32' | 'u64' | 'i64' | 'u128'

/** A packed little-endian struct, fields in order: `[name, type]`. */
export interface StructLayout {
  readonly name: string
  readonly fields: readonly (readonly [name: string, type: FieldType])[]
  /** Bytes. */
  readonly size: number
}

/**
 * What a syscall gives back besides its error number, and where it goes.
 *
 * - `none`: nothing; the import has no out-pointer.
 * - `never`: the syscall does not return; no out-pointer.
 * - a {@link StructLayout}: the kernel gives an object with these fields (number for 32 bits, bigint for more); written at the out-pointer.
 * - `{ bytes: n }`: the kernel gives n bytes; written at the out-pointer.
 * - `verdict`: the kernel gives a boolean; 0 (true) or -1 (false) is written as i32 at the out-pointer.
 * - `{ lengthOf: 'cid' }`: the kernel gives a `Cid`; its bytes go into the `out` parameter (BufferTooSmall where they do not fit), the length (u32) to the out-pointer.
 * - `{ lengthOf: 'address' }`: the same for an `Address`; `undefined` gives length 0.
 * - `{ lengthOf: 'digest' }`: the kernel gives bytes, of which as many as fit go into the `out` parameter; their number (u32) to the out-pointer.
 */
export type ResultKind =
  | 'none'
  | 'never'
  | 'verdict'
  | StructLayout
  | { readonly bytes: number }
  | { readonly lengthOf: 'cid' | 'address' | 'digest' }

/** One syscall: an import of actor code. */
export interface Syscall {
  readonly module: string
  readonly name: string
  /** The key of the kernel's operation in `kernel/operations.ts`, e.g. `ipld.blockOpen`. */
  readonly operation: string
  readonly parameters: readonly (readonly [name: string, kind: ParameterKind])[]
  readonly result: ResultKind
  /** Least length of the `out` parameter; a shorter one fails with BufferTooSmall before the kernel is asked. */
  readonly minimumOut?: number
  /** Whether the arguments are looked at only while actor debugging is on; otherwise the call does nothing and succeeds. */
  readonly debugOnly?: boolean
}
