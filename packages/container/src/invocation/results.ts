/** @module Writes the results of syscalls into the memory of the calling actor. */
import {
  type Address,
  ErrorNumber,
  FIELD_SIZE,
  type FieldType,
  ProtocolFatal,
  type ResultKind,
  type StructLayout,
  SyscallError,
} from '@troupe/hypervisor'
import type { Cid } from '@troupe/ipld'
import type { GuestMemory } from './guest-memory.ts'

/** Writes what an operation gave at the out-pointer, which has been checked. */
export type ResultWriter = (memory: GuestMemory, out: number, value: unknown) => void

/** Writes what an operation gave into the actor's buffer, and the length at the out-pointer. @throws {SyscallError} BufferTooSmall */
export type BufferWriter = (memory: GuestMemory, out: number, buffer: Uint8Array, value: unknown) => void

const MAX_U128 = 2n ** 128n - 1n
const LENGTH_SIZE = 4

/** Bytes that a result takes at the out-pointer; 0 for results that have none. */
export function resultSize(result: ResultKind): number {
  if (result === 'none' || result === 'never') return 0
  if (result === 'verdict' || 'lengthOf' in result) return LENGTH_SIZE
  return 'bytes' in result ? result.bytes : result.size
}

/** How a result is written that goes to the out-pointer as a whole. */
export function resultWriter(result: ResultKind): ResultWriter {
  if (result === 'none' || result === 'never') return () => {}
  if (result === 'verdict')
    return (memory, out, value) => memory.view.setInt32(out, value === true ? 0 : -1, true)
  if ('fields' in result) return structWriter(result)
  return (memory, out, value) => memory.bytes.set(value as Uint8Array, out)
}

/** How a result is written of which the out-pointer takes the length only. */
export function bufferWriter(kind: 'cid' | 'address' | 'digest'): BufferWriter {
  return (memory, out, buffer, value) => {
    const bytes = bytesOf(kind, value)
    const length = kind === 'digest' ? Math.min(bytes.length, buffer.length) : bytes.length
    if (length > buffer.length)
      throw new SyscallError(ErrorNumber.BufferTooSmall, `${kind} output buffer is too small`)
    buffer.set(length === bytes.length ? bytes : bytes.subarray(0, length))
    memory.view.setUint32(out, length, true)
  }
}

function bytesOf(kind: 'cid' | 'address' | 'digest', value: unknown): Uint8Array {
  if (value === undefined) return new Uint8Array(0)
  return kind === 'digest' ? (value as Uint8Array) : (value as Cid | Address).bytes
}

const FIELD_WRITERS: Readonly<Record<FieldType, (view: DataView, offset: number, value: never) => void>> = {
  u32: (view, offset, value: number) => view.setUint32(offset, value, true),
  i32: (view, offset, value: number) => view.setInt32(offset, value, true),
  u64: (view, offset, value: bigint) => view.setBigUint64(offset, value, true),
  i64: (view, offset, value: bigint) => view.setBigInt64(offset, value, true),
  u128: (view, offset, value: bigint) => {
    if (value < 0n || value > MAX_U128) throw new ProtocolFatal('an amount exceeds 128 bits')
    view.setBigUint64(offset, BigInt.asUintN(64, value), true)
    view.setBigUint64(offset + 8, value >> 64n, true)
  },
}

function structWriter(layout: StructLayout): ResultWriter {
  let end = 0
  const fields = layout.fields.map(([name, type]) => {
    const offset = end
    end += FIELD_SIZE[type]
    return { name, offset, write: FIELD_WRITERS[type] }
  })
  const [only] = fields
  if (fields.length === 1 && only !== undefined) {
    const { name, write } = only
    return (memory, out, value) => write(memory.view, out, (value as Record<string, never>)[name] as never)
  }
  return (memory, out, value) => {
    for (const { name, offset, write } of fields)
      write(memory.view, out + offset, (value as Record<string, never>)[name] as never)
  }
}
