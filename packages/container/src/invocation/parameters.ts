/** @module Reads the parameters of syscalls: from Wasm values, and from the memory that they point into, to what the kernel takes. */
import {
  decodeAddress,
  ErrorNumber,
  EVENT_ENTRY,
  HypervisorError,
  type ParameterKind,
  type Syscall,
  SyscallError,
} from '@troupe/hypervisor'
import { decodeCidPrefix, decodeUtf8, IpldError } from '@troupe/ipld'
import { ValueType } from '../module/wasm-module.ts'
import type { GuestMemory } from './guest-memory.ts'
import type { Invocation } from './invocation.ts'

/** Wasm values: numbers for i32, bigints for i64. */
export type WasmValues = readonly (number | bigint)[]

/** Most bytes of a CID: four varints of ten bytes, and a digest of 64. */
const MAX_CID_LENGTH = 104

const { I32, I64 } = ValueType

/** The Wasm types of the values that a kind of parameter is passed as. */
export const PARAMETER_TYPES: Readonly<Record<ParameterKind, readonly number[]>> = {
  u32: [I32],
  i32: [I32],
  u64: [I64],
  i64: [I64],
  cid: [I32],
  address: [I32, I32],
  optionalAddress: [I32, I32],
  bytes: [I32, I32],
  lenientBytes: [I32, I32],
  bytes32: [I32],
  bytes65: [I32],
  bytes96: [I32],
  at: [I32],
  eventEntries: [I32, I32],
  text: [I32, I32],
  out: [I32, I32],
  outAt: [I32],
}

/** Reads one parameter, of which the first Wasm value is `values[at]`. @throws {SyscallError} IllegalArgument */
export type ParameterReader = (invocation: Invocation, values: WasmValues, at: number) => unknown

/** How each kind of parameter is read. */
export const PARAMETER_READERS: Readonly<Record<ParameterKind, ParameterReader>> = {
  u32: (_, values, at) => unsigned(values, at),
  i32: (_, values, at) => (values[at] as number) | 0,
  u64: (_, values, at) => BigInt.asUintN(64, values[at] as bigint),
  i64: (_, values, at) => values[at],
  cid: ({ memory }, values, at) => readCid(memory, unsigned(values, at)),
  address: readAddress,
  optionalAddress: (invocation, values, at) =>
    values[at + 1] === 0 ? undefined : readAddress(invocation, values, at),
  bytes: readBytes,
  lenientBytes: ({ memory }, values, at) => {
    const offset = unsigned(values, at)
    const end = offset + unsigned(values, at + 1)
    // A message of no length is one of no bytes, wherever it points.
    return end === offset
      ? memory.bytes.subarray(0, 0)
      : end > memory.length
        ? undefined
        : memory.bytes.subarray(offset, end)
  },
  bytes32: ({ memory }, values, at) => memory.slice(unsigned(values, at), 32),
  bytes65: ({ memory }, values, at) => memory.slice(unsigned(values, at), 65),
  bytes96: ({ memory }, values, at) => memory.slice(unsigned(values, at), 96),
  at: sliceAt,
  // More bytes than an unsigned 32-bit integer counts are out of bounds too.
  eventEntries: ({ memory }, values, at) =>
    memory.slice(unsigned(values, at), unsigned(values, at + 1) * EVENT_ENTRY.size),
  text: (invocation, values, at) => {
    const text = decodeUtf8(readBytes(invocation, values, at))
    if (text === undefined) throw new SyscallError(ErrorNumber.IllegalArgument, 'text that is not UTF-8')
    return text
  },
  out: readBytes,
  outAt: sliceAt,
}

/** The Wasm types of a syscall's parameters, its out-pointer first where it has one. */
export function syscallParameterTypes(syscall: Syscall, hasOutPointer: boolean): number[] {
  const types = syscall.parameters.flatMap(([, kind]) => PARAMETER_TYPES[kind])
  return hasOutPointer ? [I32, ...types] : types
}

function unsigned(values: WasmValues, at: number): number {
  return (values[at] as number) >>> 0
}

function sliceAt({ memory }: Invocation, values: WasmValues, at: number): (length: number) => Uint8Array {
  const offset = unsigned(values, at)
  return (length) => memory.slice(offset, length)
}

function readBytes({ memory }: Invocation, values: WasmValues, at: number): Uint8Array {
  return memory.slice(unsigned(values, at), unsigned(values, at + 1))
}

function readAddress(invocation: Invocation, values: WasmValues, at: number): unknown {
  const bytes = readBytes(invocation, values, at)
  try {
    return decodeAddress(bytes, { delegated: invocation.kernel.rules.delegatedAddresses })
  } catch (error) {
    if (error instanceof HypervisorError) throw new SyscallError(ErrorNumber.IllegalArgument, error.message)
    throw error
  }
}

/** Reads a CID from an offset on; it may end anywhere before the memory does. */
function readCid(memory: GuestMemory, offset: number): unknown {
  if (offset > memory.length)
    throw new SyscallError(ErrorNumber.IllegalArgument, `cid at offset ${offset} is out of bounds`)
  // The CID keeps the bytes it is read from, and the actor may write over its own.
  const bytes = memory.bytes.slice(offset, offset + MAX_CID_LENGTH)
  try {
    return decodeCidPrefix(bytes)[0]
  } catch (error) {
    if (error instanceof IpldError) throw new SyscallError(ErrorNumber.IllegalArgument, error.message)
    throw error
  }
}
