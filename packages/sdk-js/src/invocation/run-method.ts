import harden from '@endo/harden'
import { mustMatch, type Pattern } from '@endo/patterns'
import type { CompiledActor, CompiledMethod } from '../definition/compiled-actor.ts'
import { CONSTRUCTOR } from '../definition/method-number.ts'
import { SdkError, type SdkErrorCode } from '../errors.ts'
import type { HostBlock } from '../host/host-kernel.ts'
import { makePowers } from '../powers/make-powers.ts'
import { LATER, PUBLIC } from '../refs/ref.ts'
import { ActorState } from '../state/actor-state.ts'
import type { Passable } from '../values/passable.ts'
import { makeFacets } from './facets.ts'
import type { Invocation } from './invocation.ts'
import type { OwnMethod } from './own-methods.ts'

/** The init actor, which calls the constructors of all that users make. */
const INIT_ACTOR = 1n

/** What a method gave, and what it has to be. */
export interface MethodResult {
  /** Perhaps a promise of it. */
  readonly value: unknown
  readonly returns: Pattern | undefined
  readonly name: string
}

/**
 * Runs the method that a call is for, as far as it goes without waiting.
 * @throws {SdkError} and what the method throws
 */
export function runMethod(
  invocation: Invocation,
  number: bigint,
  parameters: HostBlock | undefined,
  ownMethods: ReadonlyMap<bigint, OwnMethod>,
): MethodResult {
  const { actor, message } = invocation
  const own = ownMethods.get(number)
  if (own !== undefined) {
    refuseValue(invocation, false, 'a method of the SDK')
    invocation.useState(ActorState.load(invocation.host, actor))
    return { value: own(invocation, parameters), returns: undefined, name: 'a method of the SDK' }
  }
  const method = number === CONSTRUCTOR ? actor.constructorMethod : findMethod(actor, number)
  const name = number === CONSTRUCTOR ? 'init' : `${method.facet}.${method.name}`
  refuseValue(invocation, method.isPayable, name)
  if (number === CONSTRUCTOR && message.caller !== INIT_ACTOR)
    throw new SdkError('actor/constructor-caller', `f0${message.caller} is not the init actor`)
  invocation.useState(
    number === CONSTRUCTOR
      ? ActorState.create(invocation.host, actor)
      : ActorState.load(invocation.host, actor),
  )
  const values =
    method.facet === LATER
      ? invocation.later.arguments(method, parameters)
      : authorise(invocation, method, invocation.codec(message.caller).decodeArguments(parameters))
  match(values, method.parameters, name, 'argument/refused')
  return {
    value: method.run(makeContext(invocation), ...(values as Passable[])),
    returns: method.returns,
    name,
  }
}

/**
 * The block that a method returns.
 * @param value what it gave, no promise any more
 * @throws {SdkError} value/..., result/refused
 */
export function returnedBlock(
  invocation: Invocation,
  value: unknown,
  { returns, name }: MethodResult,
): HostBlock | undefined {
  // Says more than the guard would of what cannot be returned at all.
  const block = invocation.codec(invocation.message.caller).encodeResult(value as Passable | undefined)
  if (returns !== undefined) match(value, returns, name, 'result/refused')
  return block
}

function findMethod(actor: CompiledActor, number: bigint): CompiledMethod {
  const method = actor.methods.get(number)
  if (method === undefined) throw new SdkError('method/unknown', `${actor.name} has no method ${number}`)
  return method
}

function refuseValue({ message }: Invocation, isPayable: boolean, name: string): void {
  if (message.value !== 0n && !isPayable) throw new SdkError('method/not-payable', `${name} takes no value`)
}

/** The arguments without the grant that those of facets other than the public one begin with. */
function authorise(
  invocation: Invocation,
  method: CompiledMethod,
  values: readonly Passable[],
): readonly Passable[] {
  if (method.facet === PUBLIC) return values
  const [grant, ...rest] = values
  if (typeof grant !== 'bigint' || grant < 0n)
    throw new SdkError('grant/refused', `${method.facet}.${method.name} begins with a grant`)
  const { facet, only } = invocation.state.grants.check(grant, invocation.message.caller)
  if (facet !== method.facet) throw new SdkError('grant/refused', `grant ${grant} is not for ${method.facet}`)
  if (only?.includes(method.name) === false)
    throw new SdkError('grant/refused', `grant ${grant} is not for ${method.facet}.${method.name}`)
  return rest
}

function match(value: unknown, pattern: Pattern, name: string, code: SdkErrorCode): void {
  try {
    mustMatch(harden(value) as never, pattern, name)
  } catch (cause) {
    throw new SdkError(code, cause instanceof Error ? cause.message : name, { cause })
  }
}

function makeContext(invocation: Invocation): object {
  const { actor, message, state } = invocation
  return Object.freeze({
    state: state.record,
    caller: invocation.publicRef(message.caller),
    self: invocation.publicRef(message.receiver),
    value: message.value,
    facets: makeFacets(invocation),
    ...makePowers(invocation, actor.powers),
  })
}
