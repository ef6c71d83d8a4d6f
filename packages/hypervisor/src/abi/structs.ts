/**
 * @module The structs of the syscall ABI: packed, little-endian, no padding. Source: ref-fvm release/v3 shared/src/sys/out.rs, master
 * shared/src/sys/mod.rs.
 */
import type { FieldType, StructLayout } from './types.ts'

/** Bytes of one field. */
export const FIELD_SIZE: Readonly<Record<FieldType, number>> = { u32: 4, i32: 4, u64: 8, i64: 8, u128: 16 }

function struct(name: string, fields: readonly (readonly [name: string, type: FieldType])[]): StructLayout {
  return { name, fields, size: fields.reduce((sum, [, type]) => sum + FIELD_SIZE[type], 0) }
}

/** One unsigned 32-bit value. */
export const U32: StructLayout = struct('U32', [['value', 'u32']])
/** One signed 32-bit value. */
export const I32: StructLayout = struct('I32', [['value', 'i32']])
/** One unsigned 64-bit value. */
export const U64: StructLayout = struct('U64', [['value', 'u64']])
/** An amount of attoFIL, 16 bytes. */
export const TOKEN_AMOUNT: StructLayout = struct('TokenAmount', [['value', 'u128']])
/** What opening a block gives. */
export const IPLD_OPEN: StructLayout = struct('IpldOpen', [
  ['codec', 'u64'],
  ['id', 'u32'],
  ['size', 'u32'],
])
/** What is known of an open block. */
export const IPLD_STAT: StructLayout = struct('IpldStat', [
  ['codec', 'u64'],
  ['size', 'u32'],
])
/** The result of a call to another actor. */
export const SEND: StructLayout = struct('Send', [
  ['exitCode', 'u32'],
  ['returnId', 'u32'],
  ['returnCodec', 'u64'],
  ['returnSize', 'u32'],
])
/** A consensus fault, all zero for none. */
export const VERIFY_CONSENSUS_FAULT: StructLayout = struct('VerifyConsensusFault', [
  ['epoch', 'i64'],
  ['target', 'u64'],
  ['fault', 'u32'],
])
/** The invocation, from generation 3 on. */
export const MESSAGE_CONTEXT: StructLayout = struct('MessageContext', [
  ['origin', 'u64'],
  ['nonce', 'u64'],
  ['caller', 'u64'],
  ['receiver', 'u64'],
  ['methodNumber', 'u64'],
  ['valueReceived', 'u128'],
  ['gasPremium', 'u128'],
  ['flags', 'u64'],
])
/** The network, from generation 3 on. */
export const NETWORK_CONTEXT: StructLayout = struct('NetworkContext', [
  ['epoch', 'i64'],
  ['timestamp', 'u64'],
  ['baseFee', 'u128'],
  ['chainId', 'u64'],
  ['networkVersion', 'u32'],
])
/** Invocation and network in one, in generation 2. */
export const INVOCATION_CONTEXT: StructLayout = struct('InvocationContext', [
  ['valueReceived', 'u128'],
  ['caller', 'u64'],
  ['receiver', 'u64'],
  ['methodNumber', 'u64'],
  ['epoch', 'i64'],
  ['networkVersion', 'u32'],
])
/** One entry of an event, as actors hand it over from generation 4 on: the lengths say how much of the keys and of the values is its own. */
export const EVENT_ENTRY: StructLayout = struct('EventEntry', [
  ['flags', 'u64'],
  ['codec', 'u64'],
  ['keyLength', 'u32'],
  ['valueLength', 'u32'],
])
