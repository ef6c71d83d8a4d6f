/** @module Parameters and return values of the fixtures, beyond those that the tour has. The actors' sources say what they mean. */
import { CborReader, CborWriter, type Cid } from '@troupe/ipld'

export const INIT_EXEC = 2n

/** Exec of the init actor, for an actor whose constructor takes nothing. */
export function execParameters(code: Cid): Uint8Array {
  return new CborWriter().array(2).cid(code).bytes(new Uint8Array()).finish()
}

/** Increment of the counter. */
export function incrementParameters(by: bigint): Uint8Array {
  return new CborWriter().array(1).uint(by).finish()
}

/** Recurse of the relay. */
export function recurseParameters(depth: number): Uint8Array {
  return new CborWriter().uint(depth).finish()
}

/** A return value, or state, that is one unsigned integer. */
export function readUint(data: Uint8Array): bigint {
  return readWhole(data, (reader) => reader.uint64())
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
