import harden from '@endo/harden'
import { mustMatch, type Pattern } from '@endo/patterns'
import type { CompiledActor, CompiledMethod, CompiledParameters } from '../definition/compiled-actor.ts'
import { CONSTRUCTOR, exportName } from '../definition/method-number.ts'
import { inPlace, SdkError, type SdkErrorCode } from '../errors.ts'
import type { HostBlock } from '../host/host-kernel.ts'
import { makePower } from '../powers/make-power.ts'
import { POWER_NAMES } from '../powers/powers.ts'
import { LATER, PUBLIC, type Ref } from '../refs/ref.ts'
import { ActorState } from '../state/actor-state.ts'
import type { Passable } from '../values/passable.ts'
import { isQuicklySo } from '../values/quick-match.ts'
import { strictPrototype } from '../values/strict-prototype.ts'
import { makeFacets } from './facets.ts'
import type { Invocation } from './invocation.ts'
import type { OwnMethod } from './own-methods.ts'

/** As many methods are named to who calls one that is not there. */
const MAX_NAMES = 20
/** The init actor, which calls the constructors of all that users make. */
const INIT_ACTOR = 1n

/** What a method gave, and what it has to be. */
export interface MethodResult {
  /** Perhaps a promise of it. */
  readonly value: unknown
  readonly returns: Pick<CompiledMethod, 'returns' | 'mayReturnNothing'>
  readonly name: string
}

/** What the SDK returns needs no guard. */
export const UNGUARDED: MethodResult['returns'] = { returns: undefined, mayReturnNothing: true }

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
    return { value: own(invocation, parameters), returns: UNGUARDED, name: 'a method of the SDK' }
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
  matchArguments(values, method.parameters, name)
  const { run } = method
  return {
    // A method has no `this`: what it may use is in its context.
    value: run(makeContext(invocation), ...(values as Passable[])),
    returns: method,
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
  const block = inPlace(`what ${name} returned`, () =>
    invocation.codec(invocation.message.caller).encodeResult(value as Passable | undefined),
  )
  if (value === undefined) {
    if (!returns.mayReturnNothing) throw new SdkError('result/refused', `${name} returned nothing`)
  } else match(value, returns.returns, name, 'result/refused')
  return block
}

function findMethod(actor: CompiledActor, number: bigint): CompiledMethod {
  const method = actor.methods.get(number)
  if (method !== undefined) return method
  const names = [...actor.methods.values()].map(({ facet, name }) => exportName(facet, name))
  const known = names.length > MAX_NAMES ? [...names.slice(0, MAX_NAMES), '…'] : names
  throw new SdkError(
    'method/unknown',
    `${actor.name} has no method ${number}: it has ${known.join(', ') || 'none'}`,
  )
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

function matchArguments(
  values: readonly Passable[],
  { required, optional, rest }: CompiledParameters,
  name: string,
): void {
  const most = required.length + optional.length
  if (values.length < required.length || (rest === false && values.length > most))
    throw new SdkError(
      'argument/refused',
      `${name} takes ${countOf(required.length, rest === false ? most : undefined)}, not ${values.length}`,
    )
  values.slice(0, most).forEach((value, i) => {
    const pattern = i < required.length ? required[i] : optional[i - required.length]
    match(value, pattern, `${name}: argument ${i}`, 'argument/refused')
  })
  if (rest !== false) match(values.slice(most), rest, `${name}: the rest`, 'argument/refused')
}

/** How many arguments a method takes. @param most `undefined` where there is no end */
function countOf(least: number, most: number | undefined): string {
  const count = most === undefined ? `${least} or more` : least === most ? `${least}` : `${least} to ${most}`
  return `${count} ${count === '1' ? 'argument' : 'arguments'}`
}

/** @param pattern lets anything pass where it is `undefined` */
function match(value: unknown, pattern: Pattern | undefined, what: string, code: SdkErrorCode): void {
  if (pattern === undefined || isQuicklySo(value, pattern)) return
  try {
    mustMatch(harden(value) as never, pattern, what)
  } catch (cause) {
    throw new SdkError(code, cause instanceof Error ? cause.message : what, { cause })
  }
}

/** Asked for what a method is not given. */
const CONTEXT = strictPrototype((name) => {
  const reason = (POWER_NAMES as readonly string[]).includes(name)
    ? `a power that the definition does not list: powers: ['${name}']`
    : 'nothing that methods are given'
  throw new SdkError('context/not-given', `${name} is ${reason}`)
})

/** What a method is given. What it does not ask for is not made. */
function makeContext(invocation: Invocation): object {
  const { actor, message } = invocation
  const context = {
    __proto__: CONTEXT,
    state: actor.stateRecord,
    value: message.value,
    get caller(): Ref {
      return invocation.publicRef(message.caller)
    },
    get self(): Ref {
      return invocation.publicRef(message.receiver)
    },
  }
  defineLazily(context, 'facets', () => makeFacets(invocation))
  for (const name of actor.powers) defineLazily(context, name, () => makePower(invocation, name))
  return Object.freeze(context)
}

function defineLazily(holder: object, name: string, make: () => object): void {
  let made: object | undefined
  Object.defineProperty(holder, name, {
    get: () => {
      made ??= make()
      return made
    },
    enumerable: true,
  })
}
