/** @module The actors in Wasm, as they are called. Their sources say what parameters and results mean. */
import type { Address } from '@troupe/hypervisor'
import { CborWriter } from '@troupe/ipld'
import type { ActorHandle } from 'troupe'

/** Methods of the counter. */
export const Counter = { INCREMENT: 2n, GET: 3n } as const

/** Methods of the relay. */
export const Relay = { TRY: 2n, BATCH: 3n, RECURSE: 4n } as const

/** A call that the relay is to make. */
export interface RelayedCall {
  readonly to: Address
  readonly method: bigint
  readonly parameters?: Uint8Array
  readonly value?: bigint
  readonly gasLimit?: bigint
  readonly readOnly?: boolean
}

/** The call that has a counter count. */
export function increment({ address }: ActorHandle, by: bigint): RelayedCall {
  const parameters = new CborWriter().array(1).uint(by).finish()
  return { to: address, method: Counter.INCREMENT, parameters }
}

/** Parameters of {@link Relay}.TRY. */
export function oneCall(call: RelayedCall): Uint8Array {
  const writer = new CborWriter()
  writeCall(writer, call)
  return writer.finish()
}

/** Parameters of {@link Relay}.BATCH. */
export function allCalls(calls: readonly RelayedCall[]): Uint8Array {
  const writer = new CborWriter().array(calls.length)
  for (const call of calls) writeCall(writer, call)
  return writer.finish()
}

function writeCall(writer: CborWriter, call: RelayedCall): void {
  const { to, method, parameters = new Uint8Array(), value = 0n, gasLimit, readOnly = false } = call
  writer.array(6).bytes(to.bytes).uint(method).bytes(parameters).bigInt(value)
  if (gasLimit === undefined) writer.null()
  else writer.uint(gasLimit)
  writer.bool(readOnly)
}
