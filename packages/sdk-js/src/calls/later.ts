import { makeTagged } from '@endo/pass-style'
import { M, type Pattern } from '@endo/patterns'
import { SdkError } from '../errors.ts'
import { expectCurrent } from '../invocation/current.ts'
import type { LaterOptions } from '../invocation/later-calls.ts'
import type { Ref } from '../refs/ref.ts'
import { expectTarget } from '../refs/ref-table.ts'
import type { Passable, Tagged } from '../values/passable.ts'
import type { AnyMethods } from './call.ts'

const FUTURE = 'future'

declare const RESULT: unique symbol

/**
 * The result of a call that is made later. It can be kept in state, and is of use to the actor that has made the call alone. `V` is what the method returns, for the compiler.
 *
 * *Shape*: a tagged value, `future` of `[number in the message queue, id of the callee]`.
 */
export interface Future<V = unknown> extends Tagged {
  readonly [RESULT]?: V
}

/** What a state's guard says of a future: `durable.value(null, M.or(M.null(), FutureShape))`. */
export const FutureShape: Pattern = M.tagged(FUTURE, [M.nat(), M.nat()]) as Pattern

/** What a continuation is given first: how the call ended. */
export interface Outcome<V = Passable> {
  readonly ok: boolean
  /** 0 where it went well. */
  readonly exitCode: bigint
  /** What the method returned; `null` where that is nothing, or no value (another language's bytes, perhaps). */
  readonly value: V | null
  /** The bytes of what was returned; `null` where that was more than the network keeps. */
  readonly returned: ArrayBuffer | null
}

type Later<M> = {
  readonly [K in keyof M]: M[K] extends (...values: infer A) => infer R ? (...values: A) => Future<R> : never
}

/** The methods behind a reference, to be called later. */
export type CallableLater<M> = unknown extends M
  ? Readonly<Record<string, (...values: Passable[]) => Future>>
  : Later<M>

type WithoutResult<M> = {
  readonly [K in keyof M]: M[K] extends (...values: infer A) => unknown ? (...values: A) => void : never
}

function methodsOf<R>(send: (name: string, values: readonly Passable[]) => R): AnyMethods {
  return new Proxy(Object.freeze({}), {
    get: (_, name) =>
      typeof name !== 'string' || name === 'then' ? undefined : (...values: Passable[]) => send(name, values),
  }) as AnyMethods
}

function later<M>(ref: Ref<M>, options: LaterOptions = {}): CallableLater<M> {
  const target = expectTarget(ref)
  return methodsOf((name, values) => {
    const number = expectCurrent().later.enqueue(target, name, values, options, true)
    return makeTagged(FUTURE, [number, target.actor])
  }) as unknown as CallableLater<M>
}

function sendOnly<M>(
  ref: Ref<M>,
  options: LaterOptions = {},
): unknown extends M ? Readonly<Record<string, (...values: Passable[]) => void>> : WithoutResult<M> {
  const target = expectTarget(ref)
  return methodsOf((name, values) => {
    expectCurrent().later.enqueue(target, name, values, options, false)
  }) as never
}

/**
 * Leaves a call to the end of the block: `const future = E(ref).deposit(1n)`. It is made after all of the block's messages, unless what leaves it is undone; its gas is taken from
 * the message at hand, used or not, and what it takes along waits meanwhile and comes back where it fails. `E.sendOnly(ref)` keeps no result.
 *
 * @throws {SdkError} future/no-gas, future/too-large; future/unsupported on networks without a message queue
 */
export const E: typeof later & { readonly sendOnly: typeof sendOnly } = Object.freeze(
  Object.assign(later, { sendOnly }),
)

/**
 * Has the result of a call delivered to a method of the facet `later`: `when(future, 'paid', data)` calls `paid(context, outcome, data)`, once, at the end of the block in which both are there.
 * @param data what the method is given besides. Default: null
 * @throws {SdkError} future/not-a-future, future/unknown, future/has-continuation; future/no-continuation where there is no such method; as {@link E}
 */
export function when(
  future: Future,
  method: string,
  data: Passable = null,
  options: Pick<LaterOptions, 'gasLimit'> = {},
): void {
  const [number, callee] = partsOf(future)
  expectCurrent().later.when(number, callee, method, data, options)
}

/** Says that nobody wants the result any more, so that it need not be kept. @throws {SdkError} future/not-a-future, future/unknown */
export function forget(future: Future): void {
  expectCurrent().later.forget(partsOf(future)[0])
}

function partsOf(future: unknown): readonly [number: bigint, callee: bigint] {
  const { [Symbol.toStringTag]: tag, payload } = (future ?? {}) as Partial<Tagged>
  const [number, callee] = tag === FUTURE && Array.isArray(payload) ? (payload as readonly Passable[]) : []
  if (typeof number !== 'bigint' || typeof callee !== 'bigint')
    throw new SdkError('future/not-a-future', 'a value that is not the future of a call')
  return [number, callee]
}
