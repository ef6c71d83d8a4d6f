import { SdkError } from '../errors.ts'
import { expectCurrent } from '../invocation/current.ts'
import type { CallOptions } from '../invocation/invocation.ts'
import type { Payment } from '../powers/powers.ts'
import type { Ref } from '../refs/ref.ts'
import { expectTarget } from '../refs/ref-table.ts'
import { bytes, toUint8Array } from '../values/bytes.ts'
import type { Passable } from '../values/passable.ts'

const METHOD_SEND = 0n
const DAG_CBOR = 0x71

/** What a reference of which the compiler knows nothing can be called with. */
// biome-ignore lint/suspicious/noExplicitAny: whoever calls says what comes back.
export type AnyMethods = Readonly<Record<string, (...values: any[]) => any>>

/** The methods behind a reference. */
export type Callable<M> = unknown extends M ? AnyMethods : M

/**
 * Calls another actor, at once: `call(ref).deposit(1n)`. What comes back is what its method returned. A call that fails throws, and all that it did is undone.
 * @throws {CallError} where the callee failed; {@link SdkError} where there was no call
 */
export function call<M>(ref: Ref<M>, options: CallOptions = {}): Callable<M> {
  const target = expectTarget(ref)
  const methods = new Proxy(Object.freeze({}), {
    get: (_, name) =>
      // Whoever waits for it asks for `then`, and is to find that it is no promise.
      typeof name !== 'string' || name === 'then'
        ? undefined
        : (...values: Passable[]) => expectCurrent().callMethod(target, name, values, options),
  })
  return methods as Callable<M>
}

/** A call as other languages make it. */
export interface RawCall extends CallOptions {
  readonly method: bigint
  readonly parameters?: ArrayBuffer
  /** Multicodec number of the parameters. Default: DAG-CBOR. */
  readonly codec?: number
}

/** What such a call gives. */
export interface RawResult {
  readonly codec: number
  readonly data: ArrayBuffer
}

/**
 * Calls another actor by number, with parameters as they are.
 * @throws {CallError}, {@link SdkError} as {@link call}
 */
export function invoke(ref: Ref, call: RawCall): RawResult | undefined {
  return invokeAs(`method ${call.method}`, ref, call)
}

/** The same. @param what names the method in errors */
export function invokeAs(
  what: string,
  ref: Ref,
  { method, parameters, codec = DAG_CBOR, ...options }: RawCall,
): RawResult | undefined {
  const { actor, only } = expectTarget(ref)
  if (only !== undefined)
    throw new SdkError('ref/narrowed', 'the reference is good for methods with names alone')
  const block = parameters === undefined ? undefined : { codec, data: toUint8Array(parameters) }
  const returned = expectCurrent().send(actor, method, block, options, what)
  return returned === undefined ? undefined : { codec: returned.codec, data: bytes(returned.data) }
}

/** Gives another actor a payment, without a call. @throws {CallError}, {@link SdkError} as {@link call} */
export function transfer(ref: Ref, value: Payment): void {
  expectCurrent().send(expectTarget(ref).actor, METHOD_SEND, undefined, { value }, 'a transfer')
}

/**
 * A reference to the same facet that is good for some methods alone.
 * @throws {SdkError} ref/not-a-ref
 */
export function attenuate<M>(ref: Ref<M>, methods: readonly string[]): Ref<M> {
  return expectCurrent().attenuate(expectTarget(ref), methods) as Ref<M>
}
