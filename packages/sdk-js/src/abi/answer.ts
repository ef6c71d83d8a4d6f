/** @module Actors as contracts of the EVM see them. */
import { ActorFailure, bytes, fail, SdkError, toUint8Array } from '@troupe/sdk-js'
import { badAbi } from './abi-type.ts'
import type {
  Abi,
  AbiErrorItem,
  AbiFunctionItem,
  FunctionsOf,
  Named,
  ResultOf,
  Signature,
  ValuesOf,
} from './abi-values.ts'
import { AbiError, type AbiFunction, type ContractAbi, readSelector } from './define-abi.ts'

/** How contracts end that revert, and whoever is to look like one. */
const REVERTED = 33

type ErrorsOf<A extends Abi> = Extract<A[number], AbiErrorItem>

/** What a function is answered under: its name, or its signature where others have the name. */
type Key<A extends Abi, F extends AbiFunctionItem> = [Named<A, F['name']>] extends [F]
  ? F['name']
  : Signature<F>

/** What an actor does for the functions of an interface. */
export type Answers<A extends Abi, C> = {
  readonly [F in FunctionsOf<A> as Key<A, F>]: (
    context: C,
    ...values: ValuesOf<F['inputs']>
  ) => ResultOf<F['outputs']>
}

/**
 * What a definition has as `contract`, so that contracts call the actor as they call one another: `ICounter(actor).add(5)`.
 *
 * A function that is not there, or is called with value without being payable, reverts without a word. What {@link fail} says reaches the caller as `Error(string)`.
 * @throws {DefinitionError} definition/bad-abi where a function of the interface has no answer
 */
export function answer<const A extends Abi, C extends { readonly value: bigint }>(
  abi: ContractAbi<A>,
  answers: NoInfer<Answers<A, C>>,
): (context: C, calldata?: ArrayBuffer) => ArrayBuffer {
  const functions: [AbiFunction, (context: C, ...values: never[]) => unknown][] = []
  for (const [name, [named]] of abi.functions) {
    if (named === undefined || name !== named.signature) continue
    const key = abi.functions.get(named.name)?.length === 1 ? named.name : name
    const run = Object.hasOwn(answers, key) ? (answers as Record<string, unknown>)[key] : undefined
    if (typeof run !== 'function') badAbi(`${name} has no answer`)
    functions.push([named, run as never])
  }
  return (context, calldata = new ArrayBuffer(0)) => {
    const data = toUint8Array(calldata)
    if (data.length === 0 && abi.takesValue) return bytes(data)
    const selector = readSelector(data)
    const found = selector === undefined ? undefined : functions.find(([each]) => each.selector === selector)
    const [called, run] = found ?? revertSilently('there is no such function')
    if (context.value !== 0n && !called.isPayable) revertSilently(`${called.signature} takes no value`)
    try {
      return called.encodeResult(run(context, ...(called.decode(data) as never[])))
    } catch (error) {
      throw inWords(error)
    }
  }
}

/** Reverts with an error of an interface, which the caller finds as from any contract. */
export function revert<const A extends Abi, N extends ErrorsOf<A>['name']>(
  abi: ContractAbi<A>,
  name: N,
  ...values: ValuesOf<Extract<ErrorsOf<A>, { readonly name: N }>['inputs']>
): never {
  const error = abi.errors.find((each) => each.name === name)
  if (error === undefined) throw new SdkError('abi/refused', `the interface has no error ${name}`)
  return fail(REVERTED, error.signature, error.encode(values as readonly unknown[]))
}

function revertSilently(why: string): never {
  return fail(REVERTED, why, new ArrayBuffer(0))
}

const ERROR = new AbiError({ type: 'error', name: 'Error', inputs: [{ type: 'string' }] })

/** An actor's own end, with its reason where a contract looks for it. */
function inWords(error: unknown): unknown {
  if (!(error instanceof ActorFailure) || error.returned !== undefined) return error
  return new ActorFailure(error.exitCode, error.message, ERROR.encode([error.message.toWellFormed()]))
}
