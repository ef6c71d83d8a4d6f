/** @module Parameters and return values of the actors of the tour. The actors' sources say what they mean. */
import { type Address, readAddress } from '@troupe/hypervisor'
import { CborReader, CborWriter, type Cid } from '@troupe/ipld'

export const INIT_EXEC = 2n
export const INIT_INSTALL = 4n
export const COUNTER_INCREMENT = 2n
export const COUNTER_GET = 3n
export const RELAY_TRY = 2n
export const RELAY_BATCH = 3n
export const RELAY_RECURSE = 4n

/** A call that the relay is to make. */
export interface RelayedCall {
  readonly to: Address
  readonly method: bigint
  readonly parameters?: Uint8Array
  readonly value?: bigint
  readonly gasLimit?: bigint
  readonly readOnly?: boolean
}

/** Exec of the init actor, for an actor whose constructor takes nothing. */
export function execParameters(code: Cid): Uint8Array {
  return new CborWriter().array(2).cid(code).bytes(new Uint8Array()).finish()
}

/** Increment of the counter. */
export function incrementParameters(by: bigint): Uint8Array {
  return new CborWriter().array(1).uint(by).finish()
}

/** Try of the relay. */
export function tryParameters(call: RelayedCall): Uint8Array {
  const writer = new CborWriter()
  writeCall(writer, call)
  return writer.finish()
}

/** Batch of the relay. */
export function batchParameters(calls: readonly RelayedCall[]): Uint8Array {
  const writer = new CborWriter().array(calls.length)
  for (const call of calls) writeCall(writer, call)
  return writer.finish()
}

/** Recurse of the relay. */
export function recurseParameters(depth: number): Uint8Array {
  return new CborWriter().uint(depth).finish()
}

function writeCall(writer: CborWriter, call: RelayedCall): void {
  const { to, method, parameters = new Uint8Array(), value = 0n, gasLimit, readOnly = false } = call
  writer.array(6).bytes(to.bytes).uint(method).bytes(parameters).bigInt(value)
  if (gasLimit === undefined) writer.null()
  else writer.uint(gasLimit)
  writer.bool(readOnly)
}

/** A return value, or state, that is one unsigned integer. */
export function readUint(data: Uint8Array): bigint {
  return readWhole(data, (reader) => reader.uint64())
}

/** The state of a counter. */
export function readCount(data: Uint8Array): bigint {
  return readWhole(data, (reader) => {
    reader.tuple(1)
    return reader.uint64()
  })
}

/** What Exec of the init actor returns: the id address of the new actor, and its f2 address. */
export function readExec(data: Uint8Array): Address {
  return readWhole(data, (reader) => {
    reader.tuple(2)
    const address = readAddress(reader)
    readAddress(reader)
    return address
  })
}

/** What Try of the relay returns. */
export function readTry(data: Uint8Array): { errorNumber: number; exitCode: number; data: Uint8Array } {
  return readWhole(data, (reader) => {
    reader.tuple(3)
    return { errorNumber: reader.uint(), exitCode: reader.uint(), data: reader.bytes().slice() }
  })
}

function readWhole<T>(data: Uint8Array, read: (reader: CborReader) => T): T {
  const reader = new CborReader(data)
  const value = read(reader)
  reader.end()
  return value
}
